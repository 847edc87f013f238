package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"stet/internal/diag"
)

// tries is how many ports after the first are tried if that is taken.
const tries = 10

// patience is how long requests may take that are under way when it ends.
const patience = 2 * time.Second

// Listen serves at an address until the context ends. If its port is taken, it
// takes the next that is free, of ten; ready is told which address it is before
// the first request is answered.
func Listen(ctx context.Context, addr string, h http.Handler, ready func(net.Addr)) error {
	l, err := open(ctx, addr)
	if err != nil {
		return err
	}
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, // so that event streams end at once
	}
	if ready != nil {
		ready(l.Addr())
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := s.Shutdown(late); err != nil {
		return s.Close()
	}
	return nil
}

func open(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, diag.Problem{Severity: diag.Error, Text: fmt.Sprintf("%q is no address to serve at", addr), Hint: "write HOST:PORT, such as 127.0.0.1:8080"}
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, diag.Problem{Severity: diag.Error, Text: fmt.Sprintf("%q is no port", port), Hint: "a port is a number from 1 to 65535, such as 8080"}
	}
	last := min(number+tries, 65535)
	for n := number; n <= last; n++ {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.FormatUint(n, 10)))
		if err == nil || !taken(err) {
			return l, err
		}
	}
	return nil, diag.Problem{
		Severity: diag.Error,
		Text:     fmt.Sprintf("the ports %d to %d of %s are taken", number, last, host),
		Hint:     "end what listens there, or choose another port with --addr " + net.JoinHostPort(host, "9090"),
	}
}

// taken tells whether somebody else listens at a port.
func taken(err error) bool {
	const inUseOnWindows = syscall.Errno(10048)
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, inUseOnWindows)
}
