package access

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The table once more, by role and in words of the policy's division of work, so
// that a slip in one of the two is seen.
func TestWhoMayCallWhat(t *testing.T) {
	desk := []Action{ReviewList, CaseList, OpList, Summary, HouseholdList, HouseholdShow, SavedView, WarningList, IndicatorList, ComplaintList, DeviceList, ApplicationRead, RulesRead, ParameterList}
	decide := []Action{VisitSuggest, TodoList, ReviewDecide, CaseResolve, OpDecide, ComplaintAnswer, WarningDispose, DeviceRevoke, ApplicationHandle, DeterminationDecide, WhatIf, CategoryLeave}
	figures := []Action{RulesSet, ParameterSet} // the county's
	desk = append(desk, ReferralList, LeadRead, ContractRead, OrderRead, UrgentRead, CharityRead, DeliberationRead)
	decide = append(decide, ReferralSend, LeadHandle, ContractHandle, OrderGive, UrgentHandle, CharityHandle, DeliberationHold)
	settle := []Action{HandoverDecide}
	desk, decide = append(desk, HandoverRead), append(decide, HandoverOffer)
	desk = append(desk, RelativeRead, SupervisionRead, FiguresRead, HouseholdReveal)
	sums, drawn, draw := []Action{FundsRead}, []Action{InspectionRead}, []Action{InspectionDraw, CorrectionRule}
	decide = append(decide, RelativeSet, SupervisionEnter)
	above, box, hooks := []Action{ReferralUrge}, []Action{DepartmentBox, StatusInquiry}, []Action{WebhookList, WebhookSet}
	signed := []Action{RegistrySearch} // other offices' systems, by their keys; no account
	log := []Action{AuditRead}         // the auditor's alone
	file := []Action{ListFile}         // a list that one reads, as a file
	own := []Action{AccountOwn}        // whoever signs in
	field := []Action{Schema, DeviceRegister, Push, SealedPush, SealedKey, Lost, Pull, Snapshot, Events, Upload, Photo}
	lists := []Action{SourceList, BatchList}                                   // what came from whom, how much
	send := []Action{ListImport, BatchFaults}                                  // a department's file, and its bad rows
	compared := []Action{ResultList, ResultDecide, Export}                     // what it says of whom
	settle = append(settle, SourceSet, BatchWithdraw, FirstLoad, IndicatorSet) // the county's alone
	offices, keep := []Action{RegionList, AccountList}, []Action{AccountSet}
	divide := []Action{RegionSet}
	want := map[Role][]Action{
		Worker:     slices.Concat(own, field),
		Social:     slices.Concat(own, field),
		Town:       slices.Concat(own, file, field, desk, decide, compared, sums, offices, keep),
		County:     slices.Concat(own, file, field, desk, decide, compared, sums, drawn, draw, lists, send, settle, figures, above, hooks, offices, keep, divide),
		Department: slices.Concat(own, file, []Action{Schema}, box, sums),
		Auditor:    slices.Concat(own, log, file, []Action{Schema, Events, Photo, ResultList, WebhookList}, desk, lists, sums, drawn, offices),
		Data:       slices.Concat(own, file, []Action{Schema}, lists, send),
		Admin:      slices.Concat(own, file, []Action{Schema, DeviceList, DeviceRevoke}, hooks, offices, keep, divide),
		"visitor":  nil,
		"":         nil,
	}
	for role, allowed := range want {
		for _, action := range Actions() {
			if got := Can(role, action); got != slices.Contains(allowed, action) {
				t.Errorf("Can(%q, %s) = %v", role, action, got)
			}
		}
		if Can(role, "household.purge") {
			t.Errorf("%s may do what no row names", role)
		}
	}
	if n := len(Actions()); n != len(slices.Concat(signed, own, log, file, field, desk, decide, lists, sums, drawn, draw, send, compared, settle, figures, above, box, hooks, offices, keep, divide)) {
		t.Errorf("%d actions, some without a row in this test", n)
	}
}

func TestWhoeverWritesNothingCallsNothingThatWrites(t *testing.T) {
	for _, role := range Roles() {
		if role.Circle() == NoCircle && (Can(role, Push) || Can(role, Upload) || Can(role, ReviewDecide) || Can(role, CaseResolve) || Can(role, OpDecide)) {
			t.Errorf("%s writes", role)
		}
		if role.Circle() != TownCircle && (Can(role, ReviewDecide) || Can(role, CaseResolve) || Can(role, OpDecide)) {
			t.Errorf("%s decides", role)
		}
	}
}

func TestRolesAreWhole(t *testing.T) {
	circles := map[Role]Circle{}
	for _, role := range Roles() {
		if !role.Known() || role.Label() == "" {
			t.Errorf("%s is not described", role)
		}
		circles[role] = role.Circle()
	}
	want := map[Role]Circle{Worker: TabletCircle, Social: TabletCircle, Town: TownCircle, County: TownCircle, Department: 0, Auditor: 0, Data: 0, Admin: 0}
	if !maps.Equal(circles, want) {
		t.Errorf("circles %v", circles)
	}
	if Role("root").Known() || Role("root").Circle() != NoCircle || Role("root").Label() != "" {
		t.Error("an unknown role is somebody")
	}
}

func TestScopeShows(t *testing.T) {
	village, other := "370281102200", "370281102220"
	for _, c := range []struct {
		name             string
		scope            Scope
		household, place string
		want             bool
	}{
		{"own village", Scope{Areas: []string{village}}, "h1", village, true},
		{"another village of the town", Scope{Areas: []string{village}}, "h1", other, false},
		{"the town sees its villages", Scope{Areas: []string{village[:9]}}, "h1", other, true},
		{"another town", Scope{Areas: []string{"370281105"}}, "h1", other, false},
		{"the county sees all", Scope{Areas: []string{"370281"}}, "h1", other, true},
		{"an assigned household anywhere", Scope{Households: []string{"h1"}}, "h1", other, true},
		{"its neighbour", Scope{Households: []string{"h1"}}, "h2", other, false},
		{"nothing is granted", Scope{}, "h1", village, false},
		{"an empty area is not the world", Scope{Areas: []string{""}}, "h1", village, false},
		{"an empty household id", Scope{Households: []string{""}}, "", village, false},
		{"a household without a region", Scope{Areas: []string{"370281"}}, "h1", "", false},
	} {
		if got := c.scope.Shows(c.household, c.place); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestAreasFitTheOffice(t *testing.T) {
	for _, c := range []struct {
		role Role
		area string
		want bool
	}{
		{Worker, "370281102200", true}, {Worker, "370281102", false}, {Worker, "370281", false},
		{Town, "370281102", true}, {Town, "370281102200", true}, {Town, "370281", false},
		{County, "370281", true}, {Auditor, "370281", true}, {Department, "370281", true},
		{Social, "370281102200", false}, {Data, "370281", false}, {Admin, "370281", false},
		{County, "", false}, {County, "37028", false}, {County, strings.Repeat("1", 15), false},
	} {
		if got := Fits(c.role, c.area); got != c.want {
			t.Errorf("Fits(%s, %s) = %v", c.role, c.area, got)
		}
	}
}
