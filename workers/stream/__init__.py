"""The Faust side: consume, hand to the core, publish, confirm, acknowledge."""
