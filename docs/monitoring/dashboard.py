#!/usr/bin/env python3
"""Writes the Grafana dashboard: docs/monitoring/dashboard.py > docs/monitoring/dashboard.json"""

import json

WINDOW = "[$__rate_interval]"


def rate(metric, by="function", matching=""):
    labels = ",".join(filter(None, ['function=~"$function"', matching]))
    return f"sum by ({by}) (rate({metric}{{{labels}}}{WINDOW}))"


def now(metric):
    return f'max by (function) ({metric}{{function=~"$function"}})'


def rate_of_channels(metric):
    return f"sum by (channel) (rate({metric}{WINDOW}))"


def quantile(share):
    return f'histogram_quantile({share}, {rate("festoon_latency_seconds_bucket", "le, function")})'


ERRORS = 'outcome="error"'
FAILED = 'outcome!="success"'
ROWS = [
    ("Calls", [
        ("Calls", "reqps", [(rate("festoon_calls_total"), "{{function}}")]),
        ("Share of calls that failed", "percentunit", [
            (f'{rate("festoon_calls_total", matching=FAILED)} / {rate("festoon_calls_total")}', "{{function}}"),
        ]),
        ("Latency of successful calls, median", "s", [(quantile(0.5), "{{function}}")]),
        ("Latency of successful calls, 99 %", "s", [(quantile(0.99), "{{function}}")]),
        ("Mean time of failed calls", "s", [
            (f'{rate("festoon_call_time_seconds_total", matching=ERRORS)} / {rate("festoon_calls_total", matching=ERRORS)}',
             "{{function}}"),
        ]),
        ("Threads busy in each function itself", "short", [(rate("festoon_self_time_seconds_total"), "{{function}}")]),
    ]),
    ("Caches", [
        ("Share of hits", "percentunit", [
            (f'{rate("festoon_cache_hits_total")} / ({rate("festoon_cache_hits_total")} + '
             f'{rate("festoon_cache_misses_total")})', "{{function}}"),
        ]),
        ("Entries", "short", [(now("festoon_cache_entries"), "{{function}}")]),
        ("Mean time of a run of the body", "s", [
            (f'{rate("festoon_cache_load_seconds_total")} / {rate("festoon_cache_loads_total")}', "{{function}}"),
        ]),
        ("Weight, where it is limited", "short", [(now("festoon_cache_weight"), "{{function}}")]),
        ("Evictions, expirations and failures of stores", "ops", [
            (rate("festoon_cache_evictions_total"), "{{function}} evicted"),
            (rate("festoon_cache_expirations_total"), "{{function}} expired"),
            (rate("festoon_cache_store_errors_total"), "{{function}} failed"),
        ]),
    ]),
    ("Channels", [
        ("Messages in the channel", "short", [("max by (channel) (festoon_channel_depth)", "{{channel}}")]),
        ("Messages", "ops", [(rate_of_channels("festoon_channel_sent_total"), "{{channel}}")]),
        ("Mean time of a message in the channel", "s", [
            (f'{rate_of_channels("festoon_channel_latency_seconds_total")} / '
             f'{rate_of_channels("festoon_channel_received_total")}', "{{channel}}"),
        ]),
        ("Threads and tasks that wait", "short", [
            (rate_of_channels("festoon_channel_send_wait_seconds_total"), "{{channel}} to send"),
            (rate_of_channels("festoon_channel_receive_wait_seconds_total"), "{{channel}} to receive"),
        ]),
    ]),
    ("Protection", [
        ("Attempts per call", "short", [
            (f'{rate("festoon_retry_attempts_total")} / {rate("festoon_retry_calls_total")}', "{{function}}"),
        ]),
        ("Retried calls that failed in the end", "reqps", [(rate("festoon_retry_gave_up_total"), "{{function}}")]),
        ("Breakers: 0 closed, 1 half-open, 2 open", "short", [(now("festoon_breaker_state"), "{{function}}")]),
        ("Refused calls", "reqps", [
            (rate("festoon_breaker_refused_total"), "{{function}} breaker"),
            (rate("festoon_rate_limit_refused_total"), "{{function}} rate limit"),
            (rate("festoon_bulkhead_refused_total"), "{{function}} bulkhead"),
        ]),
        ("Bulkheads", "short", [
            (now("festoon_bulkhead_running"), "{{function}} running"),
            (now("festoon_bulkhead_waiting"), "{{function}} waiting"),
            (now("festoon_bulkhead_limit"), "{{function}} limit"),
        ]),
        ("Hedges", "reqps", [
            (rate("festoon_hedge_started_total"), "{{function}} started"),
            (rate("festoon_hedge_won_total"), "{{function}} won"),
        ]),
    ]),
]

SOURCE = {"type": "prometheus", "uid": "${source}"}


def panels():
    number, y = 0, 0
    for title, graphs in ROWS:
        number += 1
        yield {"id": number, "type": "row", "title": title, "gridPos": {"h": 1, "w": 24, "x": 0, "y": y}}
        y += 1
        for at, (name, unit, queries) in enumerate(graphs):
            number += 1
            targets = [
                {"refId": chr(ord("A") + index), "datasource": SOURCE, "expr": query, "legendFormat": legend}
                for index, (query, legend) in enumerate(queries)
            ]
            yield {
                "id": number, "type": "timeseries", "title": name, "datasource": SOURCE, "targets": targets,
                "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
                "gridPos": {"h": 8, "w": 8, "x": at % 3 * 8, "y": y + at // 3 * 8},
            }
        y += -(-len(graphs) // 3) * 8


def variable(name, **more):
    return {"name": name, "label": name, **more}


print(json.dumps({
    "title": "festoon", "uid": "festoon", "tags": ["festoon"], "schemaVersion": 39, "editable": True,
    "time": {"from": "now-1h", "to": "now"}, "refresh": "30s",
    "templating": {"list": [
        variable("source", type="datasource", query="prometheus"),
        variable("function", type="query", datasource=SOURCE, includeAll=True, multi=True, allValue=".*", refresh=2,
                 query="label_values(function)", current={"text": "All", "value": "$__all"}),
    ]},
    "panels": list(panels()),
}, indent=2))
