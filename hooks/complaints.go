package hooks

import (
	"doorstep/domain/region"

	"github.com/go-json-experiment/json/jsontext"
)

// answerBody is the body of POST /complaints/{id}/answer.
type answerBody struct {
	Answer string `json:"answer" validate:"required,max=2000"`
}

func (s *Server) complaints(c *call, state string, limit int, after int64) (any, string, error) {
	found, next, err := s.Engine.Complaints(c.Request.Context(), c.by, state, limit, after)
	if err != nil {
		return nil, "", err
	}
	items := make([]jsontext.Value, 0, len(found))
	for _, f := range found {
		it, err := with(f.Record, map[string]any{"author": f.Author, "head_name": f.HeadName, "region_name": region.FullName(f.Region)})
		if err != nil {
			return nil, "", err
		}
		items = append(items, it)
	}
	return items, next, nil
}

func (s *Server) answerComplaint(c *call, id string, body answerBody) (any, error) {
	return map[string]any{"complaint": id, "state": "answered"}, s.Engine.AnswerComplaint(c.Request.Context(), c.by, id, body.Answer)
}
