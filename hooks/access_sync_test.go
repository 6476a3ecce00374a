package hooks

import (
	"doorstep/sync/sealing"
	"doorstep/sync/wire"
)

// syncRows: the calls of the tablets, and what came from them.
var syncRows = map[string]row{
	"POST /api/sync/v1/devices": {writers, func(*site, string, *scene) (string, any) {
		return "/api/sync/v1/devices", map[string]any{"name": "x"}
	}, 0},
	"GET /api/sync/v1/schema": {all, at("/api/sync/v1/schema"), 0},
	"POST /api/sync/v1/push": {writers, func(s *site, who string, sc *scene) (string, any) {
		return "/api/sync/v1/push", map[string]any{"device": deviceOf(s, who), "epoch": s.server.Engine.Status().Epoch, "schema": 1, "ops": []any{
			op{"n": 1, "id": newID(), "type": "households", "record": sc.household, "kind": "patch", "base": 1, "set": map[string]any{"lives_alone": true}}}}
	}, 200},
	"POST /api/sync/v1/sealed": {writers, func(s *site, who string, sc *scene) (string, any) {
		op := op{"id": newID(), "type": "households", "record": sc.household, "kind": "patch", "base": 1, "set": map[string]any{"lives_alone": true}}
		return "/api/sync/v1/sealed", map[string]any{"device": deviceOf(s, who), "epoch": s.server.Engine.Status().Epoch, "schema": 1, "ops": []any{s.sealOp(s.people[who], 1, op)}}
	}, 200},
	"POST /api/sync/v1/sealed/key": {writers, func(s *site, who string, _ *scene) (string, any) {
		return "/api/sync/v1/sealed/key", map[string]any{"device": deviceOf(s, who), "key": s.sealKey(sealing.Recovery, s.people[who], make([]byte, 32))}
	}, 0},
	"GET /api/sync/v1/pull":     {writers, withDevice("/api/sync/v1/pull"), 0},
	"GET /api/sync/v1/snapshot": {writers, withDevice("/api/sync/v1/snapshot"), 0},
	"GET /api/sync/v1/events":   {viewers, nil, 0}, // it does not end: live_test.go
	"POST /api/sync/v1/lost": {writers, func(s *site, who string, _ *scene) (string, any) {
		return "/api/sync/v1/lost", wire.Lost{Device: deviceOf(s, who), Epoch: s.server.Engine.Status().Epoch, From: 1, To: 1}
	}, 0},
	"GET /api/sync/v1/photos/{id}": {viewers, func(_ *site, _ string, sc *scene) (string, any) { return "/api/sync/v1/photos/" + sc.photo, nil }, 404},
	"GET /api/sync/v1/ops":         {readers, at("/api/sync/v1/ops?outcome=rejected,held&limit=500"), 0},
	"GET /api/sync/v1/cases":       {readers, at("/api/sync/v1/cases?state=open&limit=500"), 0},
	"POST /api/sync/v1/cases/{id}/resolve": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/cases/" + sc.caseID + "/resolve", map[string]any{"choice": "server", "expect_rev": int64(1) << 40}
	}, 404},
	"GET /api/sync/v1/reviews": {readers, at("/api/sync/v1/reviews?state=open&limit=500"), 0},
	"POST /api/sync/v1/reviews/accept": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/reviews/accept", map[string]any{"ops": []string{fresh(s, sc)}}
	}, 200},
	"POST /api/sync/v1/reviews/{id}/accept": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/reviews/" + fresh(s, sc) + "/accept", nil
	}, 404},
	"POST /api/sync/v1/reviews/{id}/return": {deciders, func(s *site, _ string, sc *scene) (string, any) {
		return "/api/sync/v1/reviews/" + fresh(s, sc) + "/return", map[string]any{"reason": "请补"}
	}, 404},
}
