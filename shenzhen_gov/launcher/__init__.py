"""Sets the portal up and runs it: standard library only, so it works before anything is installed.

``python3 -m shenzhen_gov.launcher <verb>``; the Makefile has one target for each verb.
"""
