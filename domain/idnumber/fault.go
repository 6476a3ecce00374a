package idnumber

// Fault says what is wrong with a number: a code for machines, with a Chinese
// sentence in faultLabels.
type Fault string

const (
	FaultLength      Fault = "idnumber_length"
	FaultCharacter   Fault = "idnumber_character"
	FaultRegion      Fault = "idnumber_region"
	FaultBirth       Fault = "idnumber_birth"
	FaultSequence    Fault = "idnumber_sequence"
	FaultChecksum    Fault = "idnumber_checksum"
	FaultCertificate Fault = "certificate_form"
	FaultOwner       Fault = "certificate_owner"
)

var faultLabels = map[Fault]string{
	FaultLength:      "身份证号应为18位(旧号15位)",
	FaultCharacter:   "身份证号只能是数字，末位可为X",
	FaultRegion:      "身份证号前6位不是有效的地区码",
	FaultBirth:       "身份证号中的出生日期不存在",
	FaultSequence:    "身份证号顺序码应为001至999",
	FaultChecksum:    "身份证号校验位不符，请逐位核对",
	FaultCertificate: "残疾人证号应为身份证号加类别、等级两位，补办的再加1至2位",
	FaultOwner:       "残疾人证号与本人身份证号不一致",
}

func (f Fault) Error() string { return string(f) }

// Label is the sentence to show.
func (f Fault) Label() string { return faultLabels[f] }
