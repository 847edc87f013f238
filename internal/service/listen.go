package service

import (
	"context"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

const (
	connections = 2000             // at once; more wait
	headerSize  = 16 << 10         // of a request
	headTime    = 5 * time.Second  // for its headers
	readTime    = 15 * time.Second // for all of it
	writeTime   = 30 * time.Second // and for its answer
	idleTime    = time.Minute
	patience    = 10 * time.Second // for what is being answered when the service ends
)

// Server is one that cuts off who is slow, so that slow ones do not keep out others.
func Server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: headerSize}
}

// Listen answers at a listener until the context ends, and then what has been begun.
func Listen(ctx context.Context, l net.Listener, server *http.Server) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(netutil.LimitListener(l, connections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		return server.Close()
	}
	return nil
}
