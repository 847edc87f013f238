package comments

import (
	"context"
	"errors"
	"fmt"

	"stet/internal/diag"
)

// A fault is a problem with a database that a caller may ask for its cause too.
type fault struct {
	diag.Problem
	cause error
}

func (f fault) Unwrap() []error { return []error{f.Problem, f.cause} }

// problem says what is wrong with a database, and what to do.
func problem(where string, cause error, hint, text string, args ...any) error {
	p := diag.Problem{Severity: diag.Error, Path: where, Text: fmt.Sprintf(text, args...), Hint: hint}
	if cause == nil {
		return p
	}
	return fault{p, cause}
}

// told is an error as people are told of it.
func (s *Store) told(err error) error {
	var p diag.Problem
	switch {
	case err == nil, err == ErrNone, errors.As(err, &p), errors.Is(err, context.Canceled):
		return err
	}
	return s.base.tell(s.where, err)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
