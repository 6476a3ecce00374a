package idnumber

// Certificate is a disability certificate number (残疾人证号) taken apart: the
// holder's ID number, the kind (GB/T 26341, 1–7) and the grade (1 worst – 4).
type Certificate struct {
	Holder  Number
	Kind    string
	Grade   string
	Reissue string // what a replaced certificate adds, such as B1; else ""
}

// ParseCertificate reads 20 to 22 characters: ID number, kind, grade and, on a
// reissue (补办), B and a digit, or one or two digits.
func ParseCertificate(s string) (Certificate, error) {
	s = Normalise(s)
	if len(s) < 20 || len(s) > 22 {
		return Certificate{}, FaultCertificate
	}
	holder, err := Parse(s[:18])
	if err != nil {
		return Certificate{}, err
	}
	kind, grade, reissue := s[18], s[19], s[20:]
	if kind < '1' || kind > '7' || grade < '1' || grade > '4' || !reissued(reissue) {
		return Certificate{}, FaultCertificate
	}
	return Certificate{holder, string(kind), string(grade), reissue}, nil
}

func reissued(s string) bool {
	if len(s) == 2 && (s[0] == 'B' || s[0] == 'b') {
		s = s[1:]
	}
	return digits(s)
}

// CheckCertificate reads a certificate and checks that it is this person's. A
// 15-digit number is upgraded before it is compared.
func CheckCertificate(certificate, id string) (Certificate, error) {
	c, err := ParseCertificate(certificate)
	if err != nil {
		return Certificate{}, err
	}
	owner, err := Parse(id)
	if err != nil {
		return Certificate{}, err
	}
	if owner != c.Holder {
		return Certificate{}, FaultOwner
	}
	return c, nil
}
