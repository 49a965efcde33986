"""分拨闸门: what the machine may do by itself, by measured precision; see docs/adr/0009-automatic-where-earned.md."""
