"""What a server tells of itself to programs: metrics, traces, profiles.

Workers count and answer (`control.py`); the supervisor gathers and shows (`admin.py`), and loads no gRPC.
"""
