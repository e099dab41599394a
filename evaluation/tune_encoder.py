"""`python -m evaluation.tune_encoder` tunes the sentence encoder on the phrasings, and writes it as one int8 file.

Supervised contrastive learning (Khosla et al., 2020): phrasings and sentences of one answer are drawn together, those of others
pushed apart; the out-of-scope classes count as answers. Needs the dependency group `tune` (PyTorch, CPU is enough: about 3 s a
step on two cores). The shipped file was made by one run of 800 steps with a rate of 4e-5. Neither the questions of
`evaluation/fitting/` nor any bank is used.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertModel

from knowledge.building import read_classes
from knowledge.published import answer_sentences
from knowledge.reading import read_content
from language.encoder import TUNED, model_folder
from language.encoder_build import build_small

GROUPS_IN_BATCH, TEXTS_OF_GROUP = 32, 4
TEMPERATURE = 0.05
WARM_UP_STEPS = 30
MAX_PIECES = 48
REPORT_EVERY = 20


def main() -> None:
    """Tune, save the weights beside the cache, and write the int8 graph."""
    parser = argparse.ArgumentParser(prog="evaluation.tune_encoder", description=__doc__)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--rate", type=float, default=4e-5, help="largest learning rate")
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument("--weights", type=Path, default=Path(".cache/encoder/tuned.safetensors"))
    arguments = parser.parse_args()
    torch.manual_seed(0)
    random.seed(0)
    tuning = Tuning(read_groups(), arguments.start)
    tuning.run(arguments.steps, arguments.rate)
    save_file({name: tensor.contiguous() for name, tensor in tuning.model.state_dict().items()}, arguments.weights)
    build_small({name: tensor.numpy() for name, tensor in tuning.model.state_dict().items()}, TUNED, small_words=True)
    print(f"Wrote {TUNED}. Now run: make fit evaluate")


def read_groups() -> list[list[str]]:
    """Return the texts that belong together: of each answer, and of each class of questions that are not answered."""
    answers = read_content(Path("data/knowledge")).answers
    groups = [[each.written.question, *each.phrasings, *answer_sentences(each.written.text)] for each in answers]
    return groups + [list(each.phrasings) for each in read_classes(Path("data/nlu/out_of_scope"))]


class Tuning:
    """The model while it learns."""

    def __init__(self, groups: list[list[str]], start: Path | None) -> None:
        self._groups = groups
        self._sizes = [math.sqrt(len(group)) for group in groups]
        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        self.model = BertModel.from_pretrained(model_folder(), add_pooling_layer=False).train()
        if start is not None:
            self.model.load_state_dict(load_file(start), strict=False)

    def run(self, steps: int, rate: float) -> None:
        """Learn for `steps` batches; the learning rate rises to `rate` and falls again."""
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=rate, weight_decay=0.01)
        began = time.monotonic()
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, (step + 1) / WARM_UP_STEPS) * max(0.05, 1 - step / steps)
            loss = self._loss(*self._draw())
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            if step % REPORT_EVERY == 0:
                print(f"step {step} of {steps}, loss {loss.item():.3f}, {time.monotonic() - began:.0f} s", flush=True)

    def _draw(self) -> tuple[list[str], torch.Tensor]:
        chosen: set[int] = set()
        while len(chosen) < GROUPS_IN_BATCH:
            chosen.update(random.choices(range(len(self._groups)), self._sizes))
        pairs = [(text, number) for number in chosen for text in self._some(self._groups[number])]
        return [text for text, _ in pairs], torch.tensor([number for _, number in pairs])

    def _some(self, group: list[str]) -> list[str]:
        return random.sample(group, min(TEXTS_OF_GROUP, len(group)))

    def _loss(self, texts: list[str], owners: torch.Tensor) -> torch.Tensor:
        vectors = self._encode(texts)
        scores = (vectors @ vectors.T / TEMPERATURE).fill_diagonal_(-1e9)
        together = (owners[:, None] == owners[None]) & ~torch.eye(len(owners), dtype=torch.bool)
        shares = scores - torch.logsumexp(scores, 1, keepdim=True)
        return (-(shares * together).sum(1) / together.sum(1).clamp(min=1)).mean()

    def _encode(self, texts: list[str]) -> torch.Tensor:
        pieces = [torch.tensor(self._tokenizer.encode(text).ids) for text in texts]
        ids = torch.nn.utils.rnn.pad_sequence(pieces, batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(each) for each in pieces], batch_first=True)
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=1)


if __name__ == "__main__":
    main()
