package access

import "slices"

// Action is one call that a role may or may not make. Scope comes on top: an
// action never shows a record outside it.
type Action string

const (
	Schema          Action = "schema"           // GET /schema
	DeviceRegister  Action = "device.register"  // POST /devices
	Push            Action = "push"             // POST /push
	SealedPush      Action = "sealed.push"      // POST /sealed: a locked tablet hands over
	SealedKey       Action = "sealed.key"       // POST /sealed/key: the key of one's own tablet
	Lost            Action = "lost"             // POST /lost
	Pull            Action = "pull"             // GET /pull
	Snapshot        Action = "snapshot"         // GET /snapshot
	Events          Action = "events"           // GET /events
	Upload          Action = "upload"           // tus at /uploads/
	Photo           Action = "photo"            // GET /photos/{id}
	ReviewList      Action = "review.list"      // GET /reviews
	ReviewDecide    Action = "review.decide"    // POST /reviews/…/accept, return
	CaseList        Action = "case.list"        // GET /cases
	CaseResolve     Action = "case.resolve"     // POST /cases/{case}/resolve
	OpList          Action = "op.list"          // GET /ops: rejected, held
	OpDecide        Action = "op.decide"        // POST ops/{op}/release, reject
	Summary         Action = "summary"          // GET /api/console/v1/summary
	HouseholdList   Action = "household.list"   // GET /api/console/v1/households
	TodoList        Action = "todo.list"        // GET /api/console/v1/todo: what waits for a desk that decides
	SavedView       Action = "saved.view"       // GET, POST /api/console/v1/saved-views: one's own
	HouseholdShow   Action = "household.show"   // GET /api/console/v1/households/{id}, …/history, …/page: masked
	HouseholdReveal Action = "household.reveal" // POST /api/console/v1/households/{id}/reveal, queues/reveal: a number in full, audited
	WarningList     Action = "warning.list"     // GET /api/console/v1/warnings
	WarningDispose  Action = "warning.dispose"  // POST /api/console/v1/warnings/{id}/dispose
	IndicatorList   Action = "indicator.list"   // GET /api/console/v1/indicators, calendar, rounds
	IndicatorSet    Action = "indicator.set"    // POST there: parameters, own indicators, calendar, a round
	FiguresRead     Action = "figures.read"     // GET /api/console/v1/figures: counts, nobody is named
	VisitSuggest    Action = "visit.suggest"    // GET /api/console/v1/visits/suggested: an order, where the county switched it on
	ComplaintList   Action = "complaint.list"   // GET /api/console/v1/complaints
	ComplaintAnswer Action = "complaint.answer" // POST /api/console/v1/complaints/{id}/answer
	DeviceList      Action = "device.list"      // GET /api/console/v1/devices
	DeviceRevoke    Action = "device.revoke"    // POST /api/console/v1/devices/{id}/revoke
	SourceList      Action = "source.list"      // GET /api/console/v1/sources
	SourceSet       Action = "source.set"       // PUT /api/console/v1/sources/{source}
	ListImport      Action = "list.import"      // POST /api/console/v1/sources/{source}/batches
	BatchList       Action = "batch.list"       // GET /api/console/v1/batches, …/{id}: counts, no household content
	BatchFaults     Action = "batch.faults"     // GET /api/console/v1/batches/{id}/faults
	BatchWithdraw   Action = "batch.withdraw"   // POST /api/console/v1/batches/{id}/withdraw
	ResultList      Action = "result.list"      // GET /api/console/v1/results
	ResultDecide    Action = "result.decide"    // POST /api/console/v1/results/{id}/decide
	FirstLoad       Action = "first.load"       // POST /api/console/v1/loads/{kind}
	Export          Action = "export"           // GET /api/console/v1/exports/{type}
	ListFile        Action = "list.file"        // GET /api/console/v1/lists/{list}/file, progress: a list that one reads, as a file

	ReferralList   Action = "referral.list"   // GET /api/console/v1/referrals
	ReferralSend   Action = "referral.send"   // POST /api/console/v1/referrals, …/withdraw, …/resend
	ReferralUrge   Action = "referral.urge"   // POST /api/console/v1/referrals/{id}/urge
	DepartmentBox  Action = "department.box"  // /api/console/v1/department/referrals: what was referred to one's own
	StatusInquiry  Action = "status.inquiry"  // POST /api/console/v1/department/status
	RegistrySearch Action = "registry.search" // POST /registry/sync/search: by signature, no account's
	HandoverRead   Action = "handover.read"   // GET /api/console/v1/handovers, …/options, …/{id}: one is audited, it names people
	HandoverOffer  Action = "handover.offer"  // POST /api/console/v1/handovers, …/withdraw, GET households/{id}/handover: by whoever knows the household
	HandoverDecide Action = "handover.decide" // POST /api/console/v1/handovers/{id}/accept, …/refuse, …/keep, …/yield: it has no town here yet, and two counties settle a clash
	WebhookList    Action = "webhook.list"    // GET /api/console/v1/webhooks, …/messages
	WebhookSet     Action = "webhook.set"     // POST /api/console/v1/webhooks/…
)

// What begins with no application and no warning (domain/casefile).
const (
	LeadRead   Action = "lead.read"   // GET /api/console/v1/leads, …/{id}: one is audited, it names who reported
	LeadHandle Action = "lead.handle" // POST /api/console/v1/leads, …/{id}/take

	ContractRead   Action = "contract.read"   // GET /api/console/v1/contracts, …/{id}: one is audited, it names households
	ContractHandle Action = "contract.handle" // POST /api/console/v1/contracts, …/{id}/take
	OrderRead      Action = "order.read"      // GET /api/console/v1/visit-orders, …/{id}: counts
	OrderGive      Action = "order.give"      // POST /api/console/v1/visit-orders, …/{id}/withdraw
	UrgentRead     Action = "urgent.read"     // GET /api/console/v1/urgent-aid, …/{id}: one is audited
	UrgentHandle   Action = "urgent.handle"   // POST /api/console/v1/urgent-aid, …/{id}/take
	CharityRead    Action = "charity.read"    // GET /api/console/v1/charity/offers, needs, …/{id}: one is audited
	CharityHandle  Action = "charity.handle"  // POST /api/console/v1/charity/offers, needs, …/{id}/take
)

// An application's way to its decision (二(二)).
const (
	ApplicationRead     Action = "application.read"     // GET applications, determinations, publicity
	ApplicationHandle   Action = "application.handle"   // POST applications…, determinations/{id}/confirm, publish, publicity/…
	DeterminationDecide Action = "determination.decide" // POST determinations/{id}/decide: not by whose opinion it was (register/)
	WhatIf              Action = "determination.whatif" // POST /what-if: nothing is stored
	CategoryLeave       Action = "category.leave"       // POST categories/{id}/leave
	RulesRead           Action = "rules.read"           // GET /determination-rules
	RulesSet            Action = "rules.set"            // POST /determination-rules: the county's figures
	ParameterList       Action = "parameter.list"       // GET /parameters: everything that the county sets by date
	ParameterSet        Action = "parameter.set"        // POST /parameters
	DeliberationRead    Action = "deliberation.read"    // GET deliberations (一事一议)
	DeliberationHold    Action = "deliberation.hold"    // POST deliberations, …/sign, …/void, …/supplements
)

// Supervision (五(三)).
const (
	RelativeRead     Action = "relative.read"     // GET staff-relatives, households/{id}/recusals
	RelativeSet      Action = "relative.set"      // POST staff-relatives, …/end
	SupervisionRead  Action = "supervision.read"  // GET declarations, corrections
	SupervisionEnter Action = "supervision.enter" // POST declarations, …/findings, corrections
	CorrectionRule   Action = "correction.rule"   // POST corrections/{id}/rulings: not by who is concerned (register/)
	InspectionRead   Action = "inspection.read"   // GET inspections, …/{id}, …/replay: not the town's, whose work is looked at
	InspectionDraw   Action = "inspection.draw"   // POST inspections, …/results
	AuditRead        Action = "audit.read"        // GET audit, POST audit/check: nobody's whose work stands in it
	FundsRead        Action = "funds.read"        // GET funds, funds/file: sums, nobody is named
)

// The county's own administration: no household is read by these.
const (
	RegionList  Action = "region.list"  // GET /api/console/v1/regions, …/{code}/history
	RegionSet   Action = "region.set"   // POST /api/console/v1/regions: added, renamed, merged, closed
	AccountList Action = "account.list" // GET /api/console/v1/accounts
	AccountOwn  Action = "account.own"  // /api/console/v1/own/…: one's own passphrase, second factor, sessions
	AccountSet  Action = "account.set"  // POST /api/console/v1/accounts…: whose, says Manages
)

var (
	everyone = Roles()
	writers  = []Role{Worker, Social, Town, County}          // who brings in operations
	deciders = []Role{Town, County}                          // "town and above"
	readers  = []Role{Town, County, Auditor}                 // who reads households at a desk
	viewers  = []Role{Worker, Social, Town, County, Auditor} // who sees households anywhere
	keepers  = []Role{Town, County, Admin}                   // a lost tablet is stopped by whoever hears of it first

	desks = []Role{Town, County, Department, Auditor, Data, Admin} // who works at the console
)

// senders bring departments' lists in, and get back the rows of their own file that
// could not be taken; what the lists say of households the data centre does not see.
var senders = []Role{County, Data}

// grants is the table. Departments, the data centre and the administrator read no
// household by these calls (domain §1: they answer referrals, deliver lists, keep
// devices); the auditor reads and writes nothing.
var grants = map[Action][]Role{
	Schema:          everyone,
	DeviceRegister:  writers,
	Push:            writers,
	SealedPush:      writers,
	SealedKey:       writers,
	Lost:            writers,
	Pull:            writers,
	Snapshot:        writers,
	Events:          viewers,
	Upload:          writers,
	Photo:           viewers,
	ReviewList:      readers,
	ReviewDecide:    deciders,
	CaseList:        readers,
	CaseResolve:     deciders,
	OpList:          readers,
	OpDecide:        deciders,
	Summary:         readers,
	HouseholdList:   readers,
	TodoList:        deciders,
	SavedView:       readers,
	HouseholdShow:   readers,
	HouseholdReveal: readers,
	WarningList:     readers,
	WarningDispose:  deciders,
	IndicatorList:   readers,
	IndicatorSet:    {County},
	FiguresRead:     readers,
	VisitSuggest:    deciders,
	ComplaintList:   readers,
	ComplaintAnswer: deciders,
	DeviceList:      append(slices.Clone(keepers), Auditor),
	DeviceRevoke:    keepers,
	SourceList:      {County, Data, Auditor},
	SourceSet:       {County},
	ListImport:      senders,
	BatchList:       {County, Data, Auditor},
	BatchFaults:     senders,
	BatchWithdraw:   {County},
	ResultList:      readers,
	ResultDecide:    deciders,
	FirstLoad:       {County},
	RegionList:      {Town, County, Auditor, Admin},
	RegionSet:       {County, Admin},
	AccountList:     {Town, County, Auditor, Admin},
	AccountOwn:      everyone,
	AccountSet:      keepers,
	Export:          deciders,
	ListFile:        desks,

	ApplicationRead:     readers,
	ApplicationHandle:   deciders,
	DeterminationDecide: deciders,
	WhatIf:              deciders,
	CategoryLeave:       deciders,
	RulesRead:           readers,
	RulesSet:            {County},
	ParameterList:       readers,
	ParameterSet:        {County},
	RelativeRead:        readers,
	RelativeSet:         deciders,
	SupervisionRead:     readers,
	SupervisionEnter:    deciders,
	CorrectionRule:      {County},
	InspectionRead:      {County, Auditor},
	InspectionDraw:      {County},
	AuditRead:           {Auditor},
	FundsRead:           {Town, County, Auditor, Department},
	DeliberationRead:    readers,
	DeliberationHold:    deciders,
	ReferralList:        readers,
	ReferralSend:        deciders,
	ReferralUrge:        {County},
	DepartmentBox:       {Department},
	StatusInquiry:       {Department},
	HandoverRead:        readers,
	HandoverOffer:       deciders,
	HandoverDecide:      {County},
	WebhookList:         {County, Auditor, Admin},
	WebhookSet:          {County, Admin},
	LeadRead:            readers,
	LeadHandle:          deciders,
	ContractRead:        readers,
	ContractHandle:      deciders,
	OrderRead:           readers,
	OrderGive:           deciders,
	UrgentRead:          readers,
	UrgentHandle:        deciders,
	CharityRead:         readers,
	CharityHandle:       deciders,
	RegistrySearch:      nil, // whoever signs as a registered system, nobody who signs in
}

// Actions lists every action of the table, sorted.
func Actions() []Action {
	out := make([]Action, 0, len(grants))
	for a := range grants {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}

// Can reports whether a role may make a call. What is not in the table nobody may.
func Can(role Role, action Action) bool { return slices.Contains(grants[action], role) }
