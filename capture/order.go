package capture

import (
	"io"
	"runtime"

	"strata/trace"
)

// stretch is a run of frames that one worker makes text of.
type stretch struct {
	text []byte
	err  error
	last bool // the file ends in it
}

const perStretch = 256

// inOrder writes what each appends for each frame, in the frames' order, as
// they are indexed. All cores make it, some stretches ahead of what is written.
// Which, unless nil, says which frames of a range.
func (f *File) inOrder(w io.Writer, watch func(trace.Progress), which func(from, to int) []int, each func(dst []byte, n int) ([]byte, error)) error {
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan chan stretch, 2*workers)
	work := make(chan func(), workers)
	quit := make(chan struct{})
	defer close(quit)
	for range workers {
		go func() {
			for job := range work {
				job()
			}
		}()
	}
	go func() {
		defer close(work)
		for from := 0; ; from += perStretch {
			result := make(chan stretch, 1)
			select {
			case queue <- result:
			case <-quit:
				return
			}
			last := !f.Wait(from + perStretch - 1)
			work <- func() { result <- f.stretch(from, last, which, each) }
			if last {
				return
			}
		}
	}()
	for {
		b := <-<-queue
		if _, err := w.Write(b.text); err != nil {
			return err
		}
		if b.err != nil || b.last {
			return b.err
		}
		watch(f.Progress())
	}
}

func (f *File) stretch(from int, last bool, which func(from, to int) []int, each func(dst []byte, n int) ([]byte, error)) stretch {
	s := stretch{last: last}
	to := min(from+perStretch, f.Frames())
	if which != nil {
		for _, n := range which(from, to) {
			if s.text, s.err = each(s.text, n); s.err != nil {
				break
			}
		}
		return s
	}
	for n := from; n < to && s.err == nil; n++ {
		s.text, s.err = each(s.text, n)
	}
	return s
}
