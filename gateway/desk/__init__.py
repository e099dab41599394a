"""What the staff pages share: the door, rendering, refusals and the live stream."""
