package hooks

import (
	"net/http"

	"doorstep/domain/access"
	"doorstep/domain/referral"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Prefixes of our own routes.
const (
	syncPrefix    = "/api/sync/v1"
	consolePrefix = "/api/console/v1"
)

// route is one call of the wire. The table is the only place where routes are
// made: the access matrix test walks it, so a route without a verdict fails.
type route struct {
	method string
	path   string
	action access.Action
	stream bool // answers for long or in bulk: not compressed as a whole
	handle handler
}

var routes = []route{
	{"POST", syncPrefix + "/devices", access.DeviceRegister, false, (*Server).registerDevice},
	{"GET", syncPrefix + "/schema", access.Schema, false, (*Server).schema},
	{"POST", syncPrefix + "/push", access.Push, false, (*Server).push},
	{"POST", syncPrefix + "/sealed", access.SealedPush, false, (*Server).sealed},
	{"POST", syncPrefix + "/sealed/key", access.SealedKey, false, (*Server).openKey},
	{"GET", syncPrefix + "/pull", access.Pull, false, (*Server).pull},
	{"GET", syncPrefix + "/snapshot", access.Snapshot, true, (*Server).snapshot},
	{"GET", syncPrefix + "/events", access.Events, true, (*Server).events},
	{"POST", syncPrefix + "/lost", access.Lost, false, (*Server).lost},
	{"GET", syncPrefix + "/photos/{id}", access.Photo, true, (*Server).photo},
	{"GET", syncPrefix + "/ops", access.OpList, false, (*Server).ops},
	{"GET", syncPrefix + "/cases", access.CaseList, false, queue([]string{"open", "resolved"}, (*Server).cases)},
	{"POST", syncPrefix + "/cases/{id}/resolve", access.CaseResolve, false, ruling((*Server).resolve)},
	{"GET", syncPrefix + "/reviews", access.ReviewList, false, queue([]string{"open", "accepted", "returned", "resolved"}, (*Server).reviews)},
	{"POST", syncPrefix + "/reviews/accept", access.ReviewDecide, false, (*Server).acceptMany},
	{"POST", syncPrefix + "/reviews/{id}/accept", access.ReviewDecide, false, ruling((*Server).accept)},
	{"POST", syncPrefix + "/reviews/{id}/return", access.ReviewDecide, false, ruling((*Server).giveBack)},
	{"GET", consolePrefix + "/summary", access.Summary, false, (*Server).summary},
	{"GET", consolePrefix + "/households", access.HouseholdList, false, (*Server).households},
	{"POST", consolePrefix + "/households/number", access.HouseholdList, false, command((*Server).blindNumber)},
	{"GET", consolePrefix + "/households/places", access.HouseholdList, false, (*Server).places},
	{"GET", consolePrefix + "/todo", access.TodoList, false, (*Server).todos},
	{"GET", consolePrefix + "/saved-views", access.SavedView, false, (*Server).savedViews},
	{"POST", consolePrefix + "/saved-views", access.SavedView, false, command((*Server).saveView)},
	{"POST", consolePrefix + "/saved-views/{id}/drop", access.SavedView, false, ruling((*Server).dropView)},
	{"GET", consolePrefix + "/households/{id}", access.HouseholdShow, false, (*Server).household},
	{"GET", consolePrefix + "/households/{id}/history", access.HouseholdShow, false, (*Server).fieldHistory},
	{"POST", consolePrefix + "/households/{id}/reveal", access.HouseholdReveal, false, ruling((*Server).reveal)},
	{"POST", consolePrefix + "/queues/reveal", access.HouseholdReveal, false, command((*Server).revealQueued)},
	{"GET", consolePrefix + "/households/{id}/page", access.HouseholdShow, false, (*Server).householdPage},
	{"GET", consolePrefix + "/warnings", access.WarningList, false, queue([]string{"open", "away", "closed"}, (*Server).warnings)},
	{"POST", consolePrefix + "/warnings/{id}/dispose", access.WarningDispose, false, ruling((*Server).dispose)},
	{"GET", consolePrefix + "/indicators", access.IndicatorList, false, (*Server).indicators},
	{"GET", consolePrefix + "/indicators/settings", access.IndicatorList, false, (*Server).settings},
	{"POST", consolePrefix + "/indicators/settings", access.IndicatorSet, false, (*Server).setSetting},
	{"GET", consolePrefix + "/indicators/environment", access.IndicatorList, false, (*Server).environment},
	{"POST", consolePrefix + "/indicators/own", access.IndicatorSet, false, (*Server).setOwn},
	{"POST", consolePrefix + "/indicators/own/try", access.IndicatorSet, false, (*Server).tryOwn},
	{"GET", consolePrefix + "/calendar", access.IndicatorList, false, (*Server).calendar},
	{"POST", consolePrefix + "/calendar", access.IndicatorSet, false, (*Server).setCalendar},
	{"GET", consolePrefix + "/rounds", access.IndicatorList, false, (*Server).rounds},
	{"POST", consolePrefix + "/rounds", access.IndicatorSet, false, (*Server).runRound},
	{"GET", consolePrefix + "/figures", access.FiguresRead, false, (*Server).figureTable},
	{"GET", consolePrefix + "/figures/{tile}", access.FiguresRead, false, (*Server).figureTile},
	{"GET", consolePrefix + "/visits/suggested", access.VisitSuggest, false, (*Server).suggestVisits},
	{"GET", consolePrefix + "/complaints", access.ComplaintList, false, queue([]string{"open", "answered"}, (*Server).complaints)},
	{"POST", consolePrefix + "/complaints/{id}/answer", access.ComplaintAnswer, false, ruling((*Server).answerComplaint)},
	{"GET", consolePrefix + "/devices", access.DeviceList, false, (*Server).devices},
	{"POST", consolePrefix + "/devices/{id}/revoke", access.DeviceRevoke, false, ruling((*Server).revokeDevice)},
	{"GET", consolePrefix + "/applications", access.ApplicationRead, false, queue([]string{"open", "closed"}, (*Server).applications)},
	{"POST", consolePrefix + "/applications", access.ApplicationHandle, false, command((*Server).apply)},
	{"GET", consolePrefix + "/applications/{id}", access.ApplicationRead, false, reading((*Server).application)},
	{"POST", consolePrefix + "/applications/{id}/accept", access.ApplicationHandle, false, ruling((*Server).acceptApplication)},
	{"POST", consolePrefix + "/applications/{id}/dismiss", access.ApplicationHandle, false, ruling((*Server).dismissApplication)},
	{"POST", consolePrefix + "/applications/{id}/withdraw", access.ApplicationHandle, false, ruling((*Server).withdrawApplication)},
	{"POST", consolePrefix + "/applications/{id}/determine", access.ApplicationHandle, false, ruling((*Server).determine)},
	{"GET", consolePrefix + "/determinations/{id}", access.ApplicationRead, false, reading((*Server).determination)},
	{"GET", consolePrefix + "/determinations/{id}/page", access.ApplicationRead, false, (*Server).determinationPage},
	{"GET", consolePrefix + "/determinations/{id}/rerun", access.ApplicationRead, false, reading((*Server).rerun)},
	{"POST", consolePrefix + "/determinations/{id}/confirm", access.ApplicationHandle, false, ruling((*Server).confirmDetermination)},
	{"POST", consolePrefix + "/determinations/{id}/publish", access.ApplicationHandle, false, ruling((*Server).publishDetermination)},
	{"POST", consolePrefix + "/determinations/{id}/decide", access.DeterminationDecide, false, ruling((*Server).decideDetermination)},
	{"POST", consolePrefix + "/what-if", access.WhatIf, false, command((*Server).whatIf)},
	{"GET", consolePrefix + "/publicity", access.ApplicationRead, false, queue([]string{"open", "closed"}, (*Server).notices)},
	{"GET", consolePrefix + "/publicity/page", access.ApplicationRead, false, (*Server).publicityPage},
	{"POST", consolePrefix + "/publicity/{id}/objections", access.ApplicationHandle, false, ruling((*Server).object)},
	{"POST", consolePrefix + "/publicity/{id}/settle", access.ApplicationHandle, false, ruling((*Server).settle)},
	{"POST", consolePrefix + "/categories/{id}/leave", access.CategoryLeave, false, ruling((*Server).leaveCategory)},
	{"GET", consolePrefix + "/deliberations", access.DeliberationRead, false, queue([]string{"open", "signed", "closed"}, (*Server).deliberations)},
	{"GET", consolePrefix + "/deliberations/options", access.DeliberationRead, false, (*Server).deliberationOptions},
	{"POST", consolePrefix + "/deliberations", access.DeliberationHold, false, command((*Server).enterDeliberation)},
	{"GET", consolePrefix + "/deliberations/{id}", access.DeliberationRead, false, reading((*Server).deliberation)},
	{"GET", consolePrefix + "/deliberations/{id}/page", access.DeliberationRead, false, (*Server).deliberationPage},
	{"POST", consolePrefix + "/deliberations/{id}/sign", access.DeliberationHold, false, ruling((*Server).signDeliberation)},
	{"POST", consolePrefix + "/deliberations/{id}/void", access.DeliberationHold, false, ruling((*Server).voidDeliberation)},
	{"POST", consolePrefix + "/deliberations/{id}/supplements", access.DeliberationHold, false, ruling((*Server).supplementDeliberation)},
	{"GET", consolePrefix + "/staff-relatives", access.RelativeRead, false, queue([]string{"open", "ended"}, (*Server).relatives)},
	{"GET", consolePrefix + "/supervision/options", access.RelativeRead, false, (*Server).supervisionOptions},
	{"POST", consolePrefix + "/staff-relatives", access.RelativeSet, false, command((*Server).declareRelative)},
	{"POST", consolePrefix + "/staff-relatives/{id}/end", access.RelativeSet, false, ruling((*Server).endRelative)},
	{"GET", consolePrefix + "/households/{id}/recusals", access.RelativeRead, false, reading((*Server).recusals)},
	{"GET", consolePrefix + "/declarations", access.SupervisionRead, false, (*Server).declarations},
	{"POST", consolePrefix + "/declarations", access.SupervisionEnter, false, command((*Server).enterDeclaration)},
	{"GET", consolePrefix + "/declarations/{id}", access.SupervisionRead, false, reading((*Server).declaration)},
	{"POST", consolePrefix + "/declarations/{id}/findings", access.SupervisionEnter, false, ruling((*Server).findDeclaration)},
	{"GET", consolePrefix + "/corrections", access.SupervisionRead, false, (*Server).corrections},
	{"POST", consolePrefix + "/corrections", access.SupervisionEnter, false, command((*Server).enterCorrection)},
	{"GET", consolePrefix + "/corrections/{id}", access.SupervisionRead, false, reading((*Server).correction)},
	{"POST", consolePrefix + "/corrections/{id}/rulings", access.CorrectionRule, false, ruling((*Server).ruleCorrection)},
	{"GET", consolePrefix + "/inspections", access.InspectionRead, false, (*Server).samples},
	{"POST", consolePrefix + "/inspections", access.InspectionDraw, false, command((*Server).drawSample)},
	{"GET", consolePrefix + "/inspections/{id}", access.InspectionRead, false, reading((*Server).sample)},
	{"GET", consolePrefix + "/inspections/{id}/replay", access.InspectionRead, false, reading((*Server).replaySample)},
	{"POST", consolePrefix + "/inspections/{id}/results", access.InspectionDraw, false, ruling((*Server).inspect)},
	{"GET", consolePrefix + "/funds", access.FundsRead, false, (*Server).funds},
	{"GET", consolePrefix + "/funds/file", access.FundsRead, true, (*Server).fundsFile},
	{"GET", consolePrefix + "/determination-rules", access.RulesRead, false, (*Server).determinationRules},
	{"POST", consolePrefix + "/determination-rules", access.RulesSet, false, command((*Server).setDetermination)},
	{"GET", consolePrefix + "/parameters", access.ParameterList, false, (*Server).parameters},
	{"POST", consolePrefix + "/parameters", access.ParameterSet, false, command((*Server).setParameter)},
	{"POST", consolePrefix + "/ops/{id}/release", access.OpDecide, false, ruling((*Server).release)},
	{"POST", consolePrefix + "/ops/{id}/reject", access.OpDecide, false, ruling((*Server).discard)},
	{"GET", consolePrefix + "/sources", access.SourceList, false, (*Server).sources},
	{"PUT", consolePrefix + "/sources/{source}", access.SourceSet, false, (*Server).agree},
	{"POST", consolePrefix + "/sources/{source}/batches", access.ListImport, false, (*Server).importList},
	{"POST", consolePrefix + "/sources/{source}/look", access.ListImport, false, (*Server).lookAtList},
	{"GET", consolePrefix + "/batches", access.BatchList, false, (*Server).batches},
	{"GET", consolePrefix + "/batches/{id}", access.BatchList, false, (*Server).batch},
	{"GET", consolePrefix + "/batches/{id}/effects", access.BatchList, false, reading((*Server).batchEffects)},
	{"GET", consolePrefix + "/batches/{id}/bad-rows", access.BatchFaults, false, (*Server).badRows},
	{"GET", consolePrefix + "/batches/{id}/faults", access.BatchFaults, true, (*Server).batchFaults},
	{"POST", consolePrefix + "/batches/{id}/withdraw", access.BatchWithdraw, false, ruling((*Server).withdrawBatch)},
	{"GET", consolePrefix + "/results", access.ResultList, false, (*Server).results},
	{"GET", consolePrefix + "/results/{id}", access.ResultList, false, reading((*Server).result)},
	{"POST", consolePrefix + "/results/{id}/decide", access.ResultDecide, false, ruling((*Server).decideResult)},
	{"GET", consolePrefix + "/regions", access.RegionList, false, (*Server).listRegions},
	{"POST", consolePrefix + "/regions", access.RegionSet, false, command((*Server).changeRegion)},
	{"GET", consolePrefix + "/regions/{code}/history", access.RegionList, false, (*Server).regionHistory},
	{"GET", consolePrefix + "/accounts", access.AccountList, false, (*Server).listAccounts},
	{"GET", consolePrefix + "/accounts/options", access.AccountSet, false, (*Server).accountOptions},
	{"POST", consolePrefix + "/accounts", access.AccountSet, false, command((*Server).setAccount)},
	{"POST", consolePrefix + "/accounts/slips", access.AccountSet, false, command((*Server).printSlips)},
	{"POST", consolePrefix + "/accounts/{account}/slip", access.AccountSet, false, (*Server).resetAccount},
	{"POST", consolePrefix + "/accounts/{account}/handover", access.AccountSet, false, (*Server).handVillageOver},
	{"POST", consolePrefix + "/loads/{kind}", access.FirstLoad, false, (*Server).firstLoad},
	{"GET", consolePrefix + "/exports/{type}", access.Export, true, (*Server).export},
	{"GET", consolePrefix + "/audit", access.AuditRead, false, (*Server).auditLog},
	{"GET", consolePrefix + "/audit/options", access.AuditRead, false, (*Server).auditOptions},
	{"POST", consolePrefix + "/audit/check", access.AuditRead, false, command((*Server).checkChain)},
	{"GET", consolePrefix + "/lists/{list}/file", access.ListFile, true, (*Server).listFile},
	{"GET", consolePrefix + "/lists/{list}/progress", access.ListFile, false, (*Server).fileProgress},
	{"GET", consolePrefix + "/referrals", access.ReferralList, false, queue([]string{"open", "overdue", "returned", "closed"}, (*Server).listReferrals)},
	{"GET", consolePrefix + "/referrals/options", access.ReferralList, false, (*Server).referralOptions},
	{"POST", consolePrefix + "/referrals", access.ReferralSend, false, (*Server).sendReferral},
	{"POST", consolePrefix + "/referrals/{id}/withdraw", access.ReferralSend, false, stepOf(referral.Withdraw)},
	{"POST", consolePrefix + "/referrals/{id}/resend", access.ReferralSend, false, stepOf(referral.Resend)},
	{"POST", consolePrefix + "/referrals/{id}/urge", access.ReferralUrge, false, bareStepOf(referral.Urge)},
	{"GET", consolePrefix + "/handovers", access.HandoverRead, false, queue([]string{"in", "out", "closed"}, (*Server).listHandovers)},
	{"GET", consolePrefix + "/handovers/options", access.HandoverRead, false, (*Server).handoverOptions},
	{"POST", consolePrefix + "/handovers", access.HandoverOffer, false, command((*Server).offerHandover)},
	{"GET", consolePrefix + "/households/{id}/handover", access.HandoverOffer, false, reading((*Server).previewHandover)},
	{"GET", consolePrefix + "/handovers/{id}", access.HandoverRead, false, reading((*Server).handover)},
	{"POST", consolePrefix + "/handovers/{id}/withdraw", access.HandoverOffer, false, ruling((*Server).withdrawHandover)},
	{"POST", consolePrefix + "/handovers/{id}/accept", access.HandoverDecide, false, ruling((*Server).acceptHandover)},
	{"POST", consolePrefix + "/handovers/{id}/refuse", access.HandoverDecide, false, ruling((*Server).refuseHandover)},
	{"POST", consolePrefix + "/handovers/{id}/keep", access.HandoverDecide, false, ruling((*Server).keepHandover)},
	{"POST", consolePrefix + "/handovers/{id}/yield", access.HandoverDecide, false, ruling((*Server).yieldHandover)},
	{"GET", consolePrefix + "/department/options", access.DepartmentBox, false, (*Server).referralOptions},
	{"GET", consolePrefix + "/department/referrals", access.DepartmentBox, false, queue([]string{"open", "overdue", "returned", "closed"}, (*Server).inbox)},
	{"GET", consolePrefix + "/department/referrals/{id}", access.DepartmentBox, false, (*Server).openReferral},
	{"POST", consolePrefix + "/department/referrals/{id}/receive", access.DepartmentBox, false, bareStepOf(referral.Receive)},
	{"POST", consolePrefix + "/department/referrals/{id}/return", access.DepartmentBox, false, stepOf(referral.Return)},
	{"POST", consolePrefix + "/department/referrals/{id}/answer", access.DepartmentBox, false, stepOf(referral.Answer)},
	{"GET", consolePrefix + "/department/delivered", access.DepartmentBox, false, queue([]string{"all", "given", "returned", "planned", "ended"}, (*Server).delivered)},
	{"POST", consolePrefix + "/department/delivered", access.DepartmentBox, false, (*Server).deliver},
	{"POST", consolePrefix + "/department/status", access.StatusInquiry, false, (*Server).inquire},
	{"GET", consolePrefix + "/webhooks", access.WebhookList, false, (*Server).listTargets},
	{"GET", consolePrefix + "/webhooks/messages", access.WebhookList, false, (*Server).listMessages},
	{"POST", consolePrefix + "/webhooks/messages/{id}/replay", access.WebhookSet, false, ruling((*Server).replayMessage)},
	{"POST", consolePrefix + "/webhooks/{department}", access.WebhookSet, false, (*Server).setTarget},
	{"POST", consolePrefix + "/webhooks/{department}/rotate", access.WebhookSet, false, (*Server).rotateKey},
	{"POST", consolePrefix + "/webhooks/{department}/retire", access.WebhookSet, false, (*Server).retireKey},
	{"GET", consolePrefix + "/leads", access.LeadRead, false, queue([]string{"open", "overdue", "closed"}, (*Server).leads)},
	{"GET", consolePrefix + "/leads/options", access.LeadRead, false, (*Server).leadOptions},
	{"POST", consolePrefix + "/leads", access.LeadHandle, false, command((*Server).receiveLead)},
	{"GET", consolePrefix + "/leads/{id}", access.LeadRead, false, reading((*Server).lead)},
	{"POST", consolePrefix + "/leads/{id}/take", access.LeadHandle, false, ruling((*Server).takeLead)},
	{"GET", consolePrefix + "/contracts", access.ContractRead, false, queue([]string{"open", "closed"}, (*Server).contracts)},
	{"GET", consolePrefix + "/contracts/options", access.ContractRead, false, (*Server).contractOptions},
	{"POST", consolePrefix + "/contracts", access.ContractHandle, false, command((*Server).signContract)},
	{"GET", consolePrefix + "/contracts/{id}", access.ContractRead, false, reading((*Server).contract)},
	{"POST", consolePrefix + "/contracts/{id}/take", access.ContractHandle, false, ruling((*Server).takeContract)},
	{"GET", consolePrefix + "/visit-orders", access.OrderRead, false, queue([]string{"open", "overdue", "closed"}, (*Server).visitOrders)},
	{"GET", consolePrefix + "/visit-orders/options", access.OrderRead, false, (*Server).orderOptions},
	{"POST", consolePrefix + "/visit-orders", access.OrderGive, false, command((*Server).giveOrder)},
	{"GET", consolePrefix + "/visit-orders/{id}", access.OrderRead, false, reading((*Server).visitOrder)},
	{"POST", consolePrefix + "/visit-orders/{id}/withdraw", access.OrderGive, false, ruling((*Server).withdrawOrder)},
	{"GET", consolePrefix + "/urgent-aid", access.UrgentRead, false, queue([]string{"open", "overdue", "closed"}, (*Server).urgentAids)},
	{"GET", consolePrefix + "/urgent-aid/options", access.UrgentRead, false, (*Server).urgentOptions},
	{"POST", consolePrefix + "/urgent-aid", access.UrgentHandle, false, command((*Server).giveUrgentAid)},
	{"GET", consolePrefix + "/urgent-aid/{id}", access.UrgentRead, false, reading((*Server).urgentAid)},
	{"POST", consolePrefix + "/urgent-aid/{id}/take", access.UrgentHandle, false, ruling((*Server).takeUrgentAid)},
	{"GET", consolePrefix + "/charity/options", access.CharityRead, false, (*Server).charityOptions},
	{"GET", consolePrefix + "/charity/offers", access.CharityRead, false, queue([]string{"open", "closed"}, (*Server).offers)},
	{"POST", consolePrefix + "/charity/offers", access.CharityHandle, false, command((*Server).enterOffer)},
	{"GET", consolePrefix + "/charity/offers/{id}", access.CharityRead, false, reading((*Server).offer)},
	{"POST", consolePrefix + "/charity/offers/{id}/take", access.CharityHandle, false, ruling((*Server).takeOffer)},
	{"GET", consolePrefix + "/charity/needs", access.CharityRead, false, queue([]string{"open", "overdue", "closed"}, (*Server).needs)},
	{"POST", consolePrefix + "/charity/needs", access.CharityHandle, false, command((*Server).askCharity)},
	{"GET", consolePrefix + "/charity/needs/{id}", access.CharityRead, false, reading((*Server).need)},
	{"POST", consolePrefix + "/charity/needs/{id}/take", access.CharityHandle, false, ruling((*Server).takeNeed)},
	{"GET", consolePrefix + "/own/account", access.AccountOwn, false, (*Server).ownAccount},
	{"POST", consolePrefix + "/own/password", access.AccountOwn, false, (*Server).setPassphrase},
	{"POST", consolePrefix + "/own/factor", access.AccountOwn, false, command((*Server).beginFactor)},
	{"POST", consolePrefix + "/own/factor/confirm", access.AccountOwn, false, command((*Server).confirmFactor)},
	{"POST", consolePrefix + "/own/factor/recovery", access.AccountOwn, false, command((*Server).renewRecovery)},
	{"POST", consolePrefix + "/own/factor/drop", access.AccountOwn, false, command((*Server).dropOwnFactor)},
	{"POST", consolePrefix + "/own/sign-out", access.AccountOwn, false, (*Server).signOut},
	{"POST", consolePrefix + "/own/sessions/{session}/end", access.AccountOwn, false, (*Server).endOwnSession},
	{"GET", consolePrefix + "/accounts/{account}/sessions", access.AccountSet, false, (*Server).accountSessions},
	{"POST", consolePrefix + "/accounts/{account}/sessions/{session}/end", access.AccountSet, false, (*Server).endAccountSession},
	{"POST", consolePrefix + "/accounts/{account}/factor/drop", access.AccountSet, false, (*Server).dropAccountFactor},
	{"", syncPrefix + "/uploads/{path...}", access.Upload, true, (*Server).upload},
}

func (s *Server) bindRoutes(r *router.Router[*core.RequestEvent]) {
	for _, rt := range routes {
		b := r.Route(rt.method, rt.path, func(e *core.RequestEvent) error { return s.metered(rt, e) })
		b.Unbind(apis.DefaultBodyLimitMiddlewareId) // each reads its own, bounded
		if !rt.stream {
			b.Bind(packAnswers())
		}
	}
	for _, prefix := range []string{syncPrefix, consolePrefix} {
		r.Any(prefix+"/{rest...}", func(e *core.RequestEvent) error { return s.noRoute(e) })
	}
	s.bindSigned(r)
	s.shutDoors(r)
	giveBodiesBack(r)
}

// noRoute answers what no route takes, in the shape of the wire. Without a valid
// token it says only that.
func (s *Server) noRoute(e *core.RequestEvent) error {
	c, err := s.call(e)
	if err != nil {
		return fail(e, err)
	}
	for _, rt := range routes {
		if rt.method != "" && rt.method != e.Request.Method && matches(rt.path, c.Request.URL.Path) {
			return fail(e, methodNotAllowed)
		}
	}
	return fail(e, notFound)
}

func matches(pattern, path string) bool {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	_, p := mux.Handler(&http.Request{Method: http.MethodGet, URL: mustURL(path)})
	return p != ""
}
