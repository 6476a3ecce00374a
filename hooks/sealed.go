package hooks

import (
	"encoding/base64"
	"errors"
	"fmt"

	"doorstep/sync/sealing"
	"doorstep/sync/wire"
)

// sealed takes what a locked tablet hands over: opened here, it is a push like any
// other, with the same numbers, checks and answers. One op that does not open ends
// the request before anything is taken: its number must not be used up for an edit
// that a restored key may still open.
func (s *Server) sealed(c *call) error {
	c.readAhead()
	leave, err := s.pushes.enter(c.Request.Context())
	if err != nil {
		return err
	}
	out, err := s.handOver(c)
	leave()
	if err != nil {
		return err
	}
	return c.answer(out)
}

func (s *Server) handOver(c *call) (*wire.PushAnswer, error) {
	var sealed wire.Sealed
	if err := c.decode(&sealed); err != nil {
		return nil, err
	}
	push := wire.Push{Device: sealed.Device, Epoch: sealed.Epoch, Schema: sealed.Schema, Clock: sealed.Clock}
	ops := make([]*wire.Op, len(sealed.Ops))
	for i, each := range sealed.Ops {
		raw, err := s.Sealing.OpenOp(c.by.ID, each)
		if err != nil {
			return nil, notOpened(err, fmt.Sprintf("ops.%d", i))
		}
		op, err := wire.DecodeOp(raw, i)
		if err != nil {
			return nil, err
		}
		ops[i] = op
	}
	out, err := s.Engine.Push(c.Request.Context(), c.by, &push, ops, c.origin())
	if err == nil {
		s.count(out)
	}
	return out, err
}

// openKey gives an account the data key of its own tablet back. A revoked tablet
// gets none: it may hand over, and no more.
func (s *Server) openKey(c *call) error {
	var asked wire.SealedKey
	if err := c.decode(&asked); err != nil {
		return err
	}
	key, err := s.Sealing.OpenKey(sealing.Recovery, c.by.ID, asked.Key)
	if err != nil {
		return notOpened(err, "key")
	}
	if err := s.Engine.KeyOpened(c.Request.Context(), c.by, asked.Device, c.origin()); err != nil {
		return err
	}
	return c.answer(map[string]string{"key": base64.RawURLEncoding.EncodeToString(key)})
}

func notOpened(err error, field string) error {
	if errors.Is(err, sealing.ErrSealed) {
		return wire.InvalidField(field, "密封的内容打不开：不是用本服务器的密钥、本账号封的，或已损坏。平板请保留内容，管理员请核对数据目录中的 "+sealing.File+"。")
	}
	return err
}
