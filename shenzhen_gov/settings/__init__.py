"""Settings: `base` is shared; `development`, `test` and `production` each change only what they must."""
