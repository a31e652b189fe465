#!/usr/bin/python3
"""Asks a Marquee server for one home screen and prints it, as a web backend would."""
import argparse
import json
import sys

import grpc

from marquee.v1 import recommendation_service_pb2 as pb
from marquee.v1 import recommendation_service_pb2_grpc as rpc

# One retry, on another replica, when this one sheds load or drains; no more than one retry for ten
# calls, so that retries can not make an overload worse.
SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": "marquee.v1.RecommendationService"},
    "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
    "methodConfig": [{
        "name": [{"service": "marquee.v1.RecommendationService"}],
        "retryPolicy": {
            "maxAttempts": 2,
            "initialBackoff": "0.01s",
            "maxBackoff": "0.05s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"],
        },
    }],
}


def connect(target):
    return grpc.insecure_channel(target, options=[
        ("grpc.service_config", json.dumps(SERVICE_CONFIG)),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
    ])


def build_request(args):
    request = pb.RecommendRequest(
        context=pb.RequestContext(
            user_id=args.user,
            country=args.country,
            device=args.device,
            language=args.language,
            scene="home",
            include_timings=True,
        ),
        limit=args.limit,
    )
    if args.maturity_limit is not None:
        request.context.maturity_limit = args.maturity_limit
    for item_id in args.watched:
        request.context.recent_events.add(item_id=item_id)
    return request


def reasons(item):
    names = []
    for reason in item.reasons:
        kind = pb.Reason.Kind.Name(reason.kind).removeprefix("KIND_").lower()
        names.append(f"{kind} {reason.rule}".strip())
    return ", ".join(names)


def stage_name(stage):
    return pb.Stage.Name(stage).removeprefix("STAGE_").lower()


def print_screen(response, titles, first):
    for place, item in enumerate(response.items, first):
        source = pb.Source.Name(item.source).removeprefix("SOURCE_").lower()
        why = reasons(item)
        print(f"{place:3}  {item.item_id:<10} {titles.get(item.item_id, ''):<40} {source:<9} {why}")
    tier = pb.Tier.Name(response.tier).removeprefix("TIER_").lower()
    spent = ", ".join(f"{stage_name(t.stage)} {t.duration.nanos / 1e6:.2f} ms" for t in response.timings)
    print(f"{response.filled} of {response.requested} items, tier {tier}, "
          f"snapshot {response.snapshot_version}, id {response.recommendation_id}")
    print(f"in the server: {spent}")
    for degradation in response.degradations:
        print(f"note: {degradation.detail}")
    for warning in response.warnings:
        print(f"warning: {warning.field}: {warning.detail}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="localhost:8080")
    parser.add_argument("--user", default="")
    parser.add_argument("--country", default="", help="two letters; empty: the user's")
    parser.add_argument("--device", default="tv")
    parser.add_argument("--language", default="")
    parser.add_argument("--maturity-limit", type=int)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--watched", nargs="*", default=[], help="items watched just now")
    parser.add_argument("--pages", type=int, default=1, help="of --limit items each, of one list")
    parser.add_argument("--deadline-ms", type=int, default=200)
    parser.add_argument("--titles", action="store_true", help="print titles, which Explain knows")
    args = parser.parse_args()

    stub = rpc.RecommendationServiceStub(connect(args.target))
    request = build_request(args)
    deadline = args.deadline_ms / 1000
    request.want_next_page = args.pages > 1
    shown = 0
    try:
        for _ in range(args.pages):
            titles = {}
            if args.titles:
                answer = stub.Explain(pb.ExplainRequest(request=request), timeout=deadline)
                titles = {item.item_id: item.title for item in answer.items}
                response = answer.response
            else:
                response = stub.Recommend(request, timeout=deadline)
            print_screen(response, titles, shown + 1)
            shown += len(response.items)
            request.page_token = response.next_page_token
            if not request.page_token:
                break
    except grpc.RpcError as error:
        # A real backend shows its own static row here: a home screen is never empty.
        print(f"no answer: {error.code().name}: {error.details()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
