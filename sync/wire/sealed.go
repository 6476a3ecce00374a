package wire

// Sealed is the envelope of POST /sealed: a push of a locked tablet, which cannot
// read what it sends (appendix C.12).
type Sealed struct {
	Device string     `json:"device" validate:"required,uuid"`
	Epoch  string     `json:"epoch" validate:"required,uuid"`
	Schema int        `json:"schema" validate:"required,min=1"`
	Clock  string     `json:"clock" validate:"max=40"`
	Ops    []SealedOp `json:"ops" validate:"max=500,dive"`
}

// SealedOp is an op whose body only the server can open.
type SealedOp struct {
	N    int64  `json:"n" validate:"required,min=1"`
	ID   string `json:"id" validate:"required,uuid"`
	Key  string `json:"key" validate:"required,max=400"`
	Data string `json:"data" validate:"required"`
}

// SealedKey asks for the data key of one's own tablet.
type SealedKey struct {
	Device string `json:"device" validate:"required,uuid"`
	Key    string `json:"key" validate:"required,max=400"`
}
