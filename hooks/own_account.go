package hooks

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"

	"doorstep/domain/access"
	"doorstep/register"
	"doorstep/sync/wire"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// One's own account: sessions, passphrase, second factor.

func factorOffice(c *call) bool { return access.AboveVillage(c.by.Role) }

func (c *call) passport() passport { return passportOf(tokenOf(c.Request)) }

func (s *Server) ownAccount(c *call) error {
	p := c.passport()
	factor, err := s.own.Factors.Of(c.Request.Context(), c.by.ID)
	if err != nil {
		return err
	}
	rec, err := s.App.FindRecordById("users", c.by.ID)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": c.by.ID, "login": register.LoginShown(rec.Email()), "name": c.by.Name, "role_label": c.by.Role.Label(), "step": p.step,
		"factor": factor, "factor_asked": s.SecondFactor && factorOffice(c), "sessions": s.own.Sessions.Of(c.by.ID, p.session)})
}

// again answers as a sign-in does: the token of a new session of the same kind, after the
// account's key was changed or a step was taken.
func (s *Server) again(c *call, rec *core.Record) error {
	known, err := s.own.Attempts.Known(c.by.ID)
	if err != nil {
		return err
	}
	c.RequestEvent.Set(entryKey, &entry{desk: c.passport().desk, known: known})
	return apis.RecordAuthResponse(c.RequestEvent, rec, "", nil)
}

type newPassphrase struct {
	register.Passphrases
	Known string `json:"known" validate:"max=200"`
}

func (s *Server) setPassphrase(c *call) error {
	var body newPassphrase
	if err := c.decode(&body); err != nil {
		return err
	}
	rec, err := s.own.SetPassphrase(c.Request.Context(), c.by, body.Passphrases, body.Known, c.origin())
	if err != nil {
		return err
	}
	return s.again(c, rec)
}

type passphraseOnce struct {
	Password string `json:"password" validate:"required,max=255"`
	Known    string `json:"known" validate:"max=200"`
}

// factorImage is the side of the square code, in pixels.
const factorImage = 264

// beginFactor makes a secret, as an image to be photographed and as letters to be typed.
func (s *Server) beginFactor(c *call, body passphraseOnce) (any, error) {
	if !factorOffice(c) {
		return nil, wire.Err(wire.Forbidden, "")
	}
	rec, err := s.own.Checked(c.Request.Context(), c.by, body.Password, body.Known, c.origin())
	if err != nil {
		return nil, err
	}
	key, err := s.own.Factors.Begin(c.Request.Context(), c.by.ID, rec.Email())
	if err != nil {
		return nil, err
	}
	img, err := key.Image(factorImage, factorImage)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, err
	}
	return map[string]any{"secret": key.Secret(), "image": "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())}, nil
}

type factorCode struct {
	Code string `json:"code" validate:"required,max=20"`
}

// confirmFactor takes it into use; the recovery codes are told once. The session that did
// it may do everything from now on, by the token that is answered.
func (s *Server) confirmFactor(c *call, body factorCode) (any, error) {
	ctx := context.WithoutCancel(c.Request.Context())
	rec, err := s.App.FindRecordById("users", c.by.ID)
	if err != nil {
		return nil, err
	}
	try, err := s.own.Attempts.Begin(ctx, c.by.ID, rec.Email(), "", c.origin())
	if err != nil {
		return nil, err
	}
	codes, err := s.own.Factors.Confirm(ctx, c.by, body.Code, c.origin())
	if err != nil {
		return nil, err
	}
	if err := try.Right(ctx); err != nil {
		return nil, err
	}
	p := c.passport()
	p.step = ""
	life := rec.Collection().AuthToken.DurationTime()
	if p.desk {
		life = register.DeskToken
	}
	token, err := s.mint(rec, p, life)
	return map[string]any{"recovery": codes, "token": token}, err
}

func (s *Server) renewRecovery(c *call, body passphraseOnce) (any, error) {
	if _, err := s.own.Checked(c.Request.Context(), c.by, body.Password, body.Known, c.origin()); err != nil {
		return nil, err
	}
	codes, err := s.own.Factors.Renew(context.WithoutCancel(c.Request.Context()), c.by, c.origin())
	return map[string]any{"recovery": codes}, err
}

func (s *Server) dropOwnFactor(c *call, body passphraseOnce) (any, error) {
	if _, err := s.own.Checked(c.Request.Context(), c.by, body.Password, body.Known, c.origin()); err != nil {
		return nil, err
	}
	return nothing{}, s.own.Factors.Drop(context.WithoutCancel(c.Request.Context()), c.by, c.by.ID, c.origin())
}

// signOut ends the session of the token that asks.
func (s *Server) signOut(c *call) error {
	if err := s.own.Sessions.End(c.Request.Context(), c.by, c.by.ID, c.passport().session, "signed_out", c.origin()); err != nil {
		return err
	}
	return c.answer(nothing{})
}

func (s *Server) endOwnSession(c *call) error {
	if err := s.own.Sessions.End(c.Request.Context(), c.by, c.by.ID, c.Request.PathValue("session"), "owner", c.origin()); err != nil {
		return err
	}
	return c.answer(nothing{})
}

// Those of accounts that one keeps.

func (s *Server) accountSessions(c *call) error {
	items, factor, err := s.accounts.SessionsOf(c.Request.Context(), c.by, c.Request.PathValue("account"))
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"items": items, "factor": factor})
}

func (s *Server) endAccountSession(c *call) error {
	if err := s.accounts.EndSession(c.Request.Context(), c.by, c.Request.PathValue("account"), c.Request.PathValue("session"), c.origin()); err != nil {
		return err
	}
	return c.answer(nothing{})
}

func (s *Server) dropAccountFactor(c *call) error {
	if err := s.accounts.DropFactor(context.WithoutCancel(c.Request.Context()), c.by, c.Request.PathValue("account"), c.origin()); err != nil {
		return err
	}
	return c.answer(nothing{})
}
