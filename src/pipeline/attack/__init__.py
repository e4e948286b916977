"""The attack: what a reader of the published files can work out of what they hide.

Written apart from the protection: nothing here comes from ``pipeline.protect``. It knows the
published tables, the catalogue of the figures and the policy, as every reader does.
"""
