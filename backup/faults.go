package backup

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/minio/minio-go/v7"
)

// advice is what an operator is told to do, by the code that an S3 server answers.
// The bucket's name and the host's are put in.
var advice = map[string]string{
	"NoSuchBucket":                 textNoSuchBucket,
	"AccessDenied":                 textDenied,
	"AllAccessDisabled":            textDenied,
	"InvalidAccessKeyId":           textWrongKeys,
	"SignatureDoesNotMatch":        textWrongKeys,
	"RequestTimeTooSkewed":         textClock,
	"AuthorizationHeaderMalformed": textRegion,
	"InvalidRegion":                textRegion,
	"PermanentRedirect":            textRegion,
	"QuotaExceeded":                textFull,
	"XMinioStorageFull":            textFull,
	"InsufficientStorage":          textFull,
	"SlowDown":                     textBusy,
	"ServiceUnavailable":           textBusy,
	"InternalError":                textBusy,
}

// explain says what a fault of the bucket means; nil stays nil. What was explained
// already, and what is of this side, is left as it is.
func (b *Bucket) explain(err error) error {
	var told *fault
	if err == nil || errors.As(err, &told) || errors.Is(err, errBroken) || errors.Is(err, context.Canceled) {
		return err
	}
	text := textUnreachable
	var answer minio.ErrorResponse
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &answer) && answer.Code != "":
		text = advice[answer.Code]
		if text == "" && answer.StatusCode == http.StatusInsufficientStorage {
			text = textFull
		}
		if text == "" {
			text = textAnswered
		}
	case errors.As(err, &unknown), errors.As(err, &hostname), errors.As(err, &invalid):
		text = textCertificate
	}
	return &fault{fmt.Sprintf(text, b.name, b.host), err}
}

// fault is an error in the operator's words, with the cause behind it.
type fault struct {
	text  string
	cause error
}

func (f *fault) Error() string { return f.text + ": " + f.cause.Error() }
func (f *fault) Unwrap() error { return f.cause }

// worthAnother: a line that broke, a server that is busy, an object that came back
// wrong. What was refused is refused again.
func worthAnother(err error) bool {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) && answer.StatusCode != 0 {
		return answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusRequestTimeout
	}
	var line net.Error
	return errors.Is(err, errBroken) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.As(err, &line)
}

// gone reports whether the bucket has no such object.
func gone(err error) bool { return minio.ToErrorResponse(rootOf(err)).Code == "NoSuchKey" }

func rootOf(err error) error {
	var f *fault
	if errors.As(err, &f) {
		return f.cause
	}
	return err
}
