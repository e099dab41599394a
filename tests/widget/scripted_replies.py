"""What the fake gateway says: a reply of every kind, chosen by a word of the visitor's text."""

from typing import Any

Reply = dict[str, Any]

MAYO = {
    "title": "Mayo Clinic: Blepharoplasty",
    "url": "https://www.mayoclinic.org/tests-procedures/blepharoplasty",
    "read_on": "2026-11-20",
}
MIAMI = {
    "title": "University of Miami: Facial reanimation",
    "url": "https://umiamihealth.org/facial-reanimation",
    "read_on": "2026-11-20",
}
PENN = {"title": "Penn Medicine: Recovery after facial surgery", "url": "https://www.pennmedicine.org/recovery", "read_on": "2026-11-18"}

GREETING: Reply = {
    "kind": "text",
    "text": (
        "Hello. I can answer some questions about facial reanimation surgery:\n\n"
        "- procedures, and who they suit\n- recovery and risks\n- anesthesia\n- insurance\n- other options\n\n"
        "I am a program, not a doctor. **If this may be an emergency, call [911](tel:911) now.**"
    ),
    "buttons": [
        {"title": "Recovery", "payload": "topic-recovery"},
        {"title": "Anesthesia", "payload": "topic-anesthesia"},
        {"title": "Insurance", "payload": "topic-insurance"},
    ],
}
ANSWER: Reply = {
    "kind": "answer",
    "text": (
        "Expect swelling and bruising for **a week or more** after a standard eyelid lift, says Mayo Clinic. At first your vision may be "
        "blurred from the ointment. Your eyes may water, and light may bother you.\n\n"
        "- Normal activities may take two to three weeks.\n- You see your surgeon regularly.\n\n"
        "Our sources give no separate dates for work or driving. Ask your surgeon."
    ),
    "assumed": "about an eyelid lift",
    "answer": {
        "id": "recovery/blepharoplasty",
        "version": 3,
        "topic": "recovery",
        "procedures": ["blepharoplasty"],
        "title": "What is recovery like after an eyelid lift?",
        "reviewed_on": None,
        "review_due_on": "2099-05-20",
        "sources": [MAYO],
    },
}
REVIEWED: Reply = {
    "kind": "answer",
    "text": "Most facial reanimation operations are done under general anesthesia. You are asleep and feel nothing.",
    "answer": {
        "id": "anesthesia/general",
        "version": 1,
        "topic": "anesthesia",
        "procedures": [],
        "title": "Will I be asleep?",
        "reviewed_on": "2026-10-05",
        "review_due_on": "2099-01-01",
        "sources": [MIAMI, MAYO, PENN],
    },
}
CLARIFY: Reply = {
    "kind": "clarify",
    "text": "Which operation do you mean?",
    "buttons": [
        {"title": "Eyelid weight", "payload": "pick-eyelid-weight"},
        {"title": "Gracilis muscle transfer", "payload": "pick-gracilis"},
        {"title": "Brow lift", "payload": "pick-brow-lift"},
    ],
}
NOT_COVERED: Reply = {
    "kind": "not_covered",
    "text": "I have no approved answer to that. Our staff can help. You can call [+1 312-555-0142](tel:+13125550142).",
    "buttons": [{"title": "Ask the staff", "payload": "handoff"}],
}
EMERGENCY: Reply = {
    "kind": "emergency",
    "text": (
        "A face that droops **suddenly** can be a stroke. Call 911 now. Do not wait, and do not drive yourself.\n\n"
        "Note the time when it began. In despair you can call or text 988. Our number is +1 312-555-0142."
    ),
    "contact_card": {"channel": "callback", "wishes": {}, "promise_preview": None, "opens": False},
}
HANDOFF: Reply = {
    "kind": "handoff",
    "text": "Our staff read this on weekdays from 9 to 5. You can also call [+1 312-555-0142](tel:+13125550142).",
}
UNAVAILABLE: Reply = {
    "kind": "unavailable",
    "text": "I cannot look up answers right now. Your message was kept. Please call us, or try again in a few minutes.",
    "contact_card": {"channel": "callback", "wishes": {}, "promise_preview": None, "opens": False},
}
APPOINTMENT: Reply = {
    "kind": "handoff",
    "text": "I have noted what you wish. Please leave your contact details, and our staff get in touch.",
    "contact_card": {
        "channel": "appointment",
        "wishes": {
            "visit_type": "in_person",
            "preferred_times": "Tuesday, November 24, after 3:00 PM",
            "patient": "new",
            "insurer": None,
            "about": "gracilis muscle transfer",
        },
        "promise_preview": "We call you on Monday, November 23, between 9:00 AM and 12:00 PM.",
        "opens": True,
    },
}
SMALLTALK: Reply = {"kind": "smalltalk", "text": "You are welcome. Is there anything else?"}
HOSTILE: Reply = {
    "kind": "text",
    "text": (
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> <b>not bold</b> '
        "[bad](javascript:window.hacked=1) [data](data:text/html,x) [relative](/admin) "
        "[good](https://clinic.example.org/a?b=1&c=2) **bold** &amp; https://clinic.example.org/page."
    ),
    "buttons": [{"title": "<i>title</i>", "payload": "x"}],
}
LONG: Reply = {"kind": "text", "text": "\n\n".join(f"Paragraph {n}. " + "Some words to read at leisure. " * 8 for n in range(1, 9))}
DEFAULT: Reply = {"kind": "text", "text": "You said something else."}

SCRIPT: list[tuple[str, list[Reply]]] = [
    ("eyelid lift", [ANSWER]),
    ("asleep", [REVIEWED]),
    ("both", [ANSWER, REVIEWED]),
    ("which", [CLARIFY]),
    ("weather", [NOT_COVERED]),
    ("droop", [EMERGENCY]),
    ("appointment", [APPOINTMENT]),
    ("person", [HANDOFF]),
    ("persona", [HANDOFF]),
    ("broken", [UNAVAILABLE]),
    ("thank", [SMALLTALK]),
    ("html", [HOSTILE]),
    ("long", [LONG]),
    ("none of these", [NOT_COVERED]),
    ("pick-", [ANSWER]),
    ("topic-", [REVIEWED]),
]


def replies_to(text: str) -> list[Reply]:
    """What is said to a text or a payload; never empty."""
    for word, replies in SCRIPT:
        if word in text.lower():
            return replies
    return [DEFAULT]


PROMISES = {
    "live": "Our staff usually answer within five minutes.",
    "callback": "We call you on Monday, November 23, between 9:00 AM and 12:00 PM.",
    "appointment": "We call or write on Monday, November 23, between 9:00 AM and 12:00 PM.",
}


def confirmation(reference: str, channel: str) -> Reply:
    """What follows a handoff that was filed."""
    return {"kind": "handoff", "text": f"Thank you. Your reference is **{reference}**. {PROMISES[channel]}"}
