"""The yardstick: a plain Django view that writes four rows and knows no rule. Only for comparison in bench."""
