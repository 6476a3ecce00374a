package dci

// Statuses of a message and of a search.
const (
	Received  = "rcvd"
	Pending   = "pdng"
	Succeeded = "succ"
	Rejected  = "rjct"
)

// Reason is a code of the standard: why a message or a search was rejected. It is an
// error, so that what finds the fault names it.
type Reason string

func (r Reason) Error() string { return string(r) }

// Of a header.
const (
	BadVersion         Reason = "rjct.version.invalid"
	RepeatedMessage    Reason = "rjct.message_id.duplicate"
	BadMessageTime     Reason = "rjct.message_ts.invalid"
	BadAction          Reason = "rjct.action.invalid"
	UnsupportedAction  Reason = "rjct.action.not_supported"
	BadTotalCount      Reason = "rjct.total_count.invalid"
	TotalCountExceeded Reason = "rjct.total_count.limit_exceeded"
	TooManyErrors      Reason = "rjct.errors.too_many"
)

// Of a search.
const (
	BadReference      Reason = "rjct.reference_id.invalid"
	RepeatedReference Reason = "rjct.reference_id.duplicate"
	BadTimestamp      Reason = "rjct.timestamp.invalid"
	BadCriteria       Reason = "rjct.search_criteria.invalid"
	BadFilter         Reason = "rjct.filter.invalid"
	BadSort           Reason = "rjct.sort.invalid"
	BadPagination     Reason = "rjct.pagination.invalid"
	TooManyRecords    Reason = "rjct.search.too_many_records_found"
)

// Of the transport: what is answered when a message is not taken at all.
const (
	BadRequest       Reason = "err.request.bad"
	Forbidden        Reason = "err.request.forbidden"
	TooManyRequests  Reason = "err.request.too_many_requests"
	BadSender        Reason = "err.sender_id.invalid"
	BadReceiver      Reason = "err.receiver_id.invalid"
	MissingSignature Reason = "err.signature.missing"
	BadSignature     Reason = "err.signature.invalid"
	BadEncryption    Reason = "err.encryption.invalid"
	Unavailable      Reason = "err.service.unavailable"
)

// reasons are all of the standard's, with the HTTP status of those of the transport and
// what the asker is told.
var reasons = map[Reason]struct {
	Status  int
	Message string
}{
	BadVersion:         {200, "version: 1.0.0 is spoken here"},
	RepeatedMessage:    {200, "message_id: this message has been answered; a new one needs a new id"},
	BadMessageTime:     {200, "message_ts: a time of RFC 3339 within the signature's validity is needed"},
	BadAction:          {200, "action: search is answered here"},
	UnsupportedAction:  {200, "action: only search is supported"},
	BadTotalCount:      {200, "total_count: it is not the number of searches in the message"},
	TotalCountExceeded: {200, "total_count: more searches than one message may have"},
	TooManyErrors:      {200, "every search of the message was rejected"},
	BadReference:       {200, "reference_id: up to 99 characters are needed"},
	RepeatedReference:  {200, "reference_id: it is there twice in this message"},
	BadTimestamp:       {200, "timestamp: a time of RFC 3339 is needed"},
	BadCriteria:        {200, "search_criteria: registry, entity, query type, or purpose is not one that this sender may ask with"},
	BadFilter:          {200, "query: an attribute, an operator or a value that this sender may not ask with"},
	BadSort:            {200, "sort: an attribute that is not sorted by"},
	BadPagination:      {200, "pagination: page size or page number is out of bounds"},
	TooManyRecords:     {200, "more records match than are answered: narrow the query"},
	BadRequest:         {400, "the body is not a message of this interface"},
	Forbidden:          {403, "this sender may not ask"},
	TooManyRequests:    {429, "too many searches; come back later"},
	BadSender:          {401, "sender_id is not registered here"},
	BadReceiver:        {400, "receiver_id is not this registry"},
	MissingSignature:   {401, "the message is not signed"},
	BadSignature:       {401, "the signature does not hold, is not by a registered key, or is out of time"},
	BadEncryption:      {400, "encrypted messages are not taken; the connection is encrypted"},
	Unavailable:        {503, "try again later"},
}

// Status is the HTTP status that a reason is answered with.
func (r Reason) Status() int { return reasons[r].Status }

// Message tells a reason.
func (r Reason) Message() string { return reasons[r].Message }

// Fault is the body of an answer that is no message: the transport's errors.
type Fault struct {
	Errors []FaultLine `json:"errors"`
}

// FaultLine is one of them.
type FaultLine struct {
	Code    Reason `json:"code"`
	Message string `json:"message"`
}

// FaultOf tells a reason.
func FaultOf(r Reason) Fault { return Fault{[]FaultLine{{r, r.Message()}}} }
