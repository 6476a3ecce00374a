package health

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Gauge is a number that is asked for when somebody looks. Labels are fixed words of
// our own tables, never what somebody entered.
type Gauge struct {
	Name, Help string
	Label      string // the label's name; "" none
	Ask        func() (map[string]float64, error)
}

// One is a gauge's answer without a label.
func One(v float64) map[string]float64 { return map[string]float64{"": v} }

// maxValues bounds a label: what goes beyond is a mistake of ours, and is not sent.
const maxValues = 64

// Metrics counts what the server does.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	outcomes *prometheus.CounterVec
	commits  prometheus.Histogram
	jobs     prometheus.Histogram
}

// NewMetrics begins to count.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "doorstep_requests_total", Help: "Answered requests by action and class of status."}, []string{"action", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "doorstep_request_seconds", Help: "Time of an answered request by action.",
			Buckets: []float64{.005, .02, .1, .5, 2, 10}}, []string{"action"}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "doorstep_ops_total", Help: "Operations of pushes by outcome."}, []string{"outcome"}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "doorstep_commit_seconds", Help: "Time of a commit, most of it the disk's fsync.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .25, 1}}),
		jobs: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "doorstep_commit_jobs", Help: "How many writers shared a commit.", Buckets: []float64{1, 2, 4, 8, 16, 64, 256}}),
	}
	m.registry.MustRegister(m.requests, m.took, m.outcomes, m.commits, m.jobs,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Watch asks these gauges, too, whenever somebody looks.
func (m *Metrics) Watch(gauges ...Gauge) { m.registry.MustRegister(asking(gauges)) }

// Reading is a gauge without a label that is read off what one look found.
type Reading[T any] struct {
	Name, Help string
	Of         func(T) float64
}

// Look has these readings taken whenever somebody looks, all off one answer.
func Look[T any](m *Metrics, look func() (T, error), readings ...Reading[T]) {
	m.registry.MustRegister(&looking[T]{look, readings})
}

type looking[T any] struct {
	look     func() (T, error)
	readings []Reading[T]
}

func (l *looking[T]) Describe(ch chan<- *prometheus.Desc) {
	for _, r := range l.readings {
		ch <- Gauge{Name: r.Name, Help: r.Help}.desc()
	}
}

func (l *looking[T]) Collect(ch chan<- prometheus.Metric) {
	found, err := l.look()
	for _, r := range l.readings {
		if err != nil {
			ch <- prometheus.NewInvalidMetric(Gauge{Name: r.Name, Help: r.Help}.desc(), err)
			continue
		}
		ch <- prometheus.MustNewConstMetric(Gauge{Name: r.Name, Help: r.Help}.desc(), prometheus.GaugeValue, r.Of(found))
	}
}

// Request counts an answer. action is one of domain/access's.
func (m *Metrics) Request(action string, status int) {
	m.requests.WithLabelValues(action, strconv.Itoa(status/100)+"xx").Inc()
}

// Took is how long an answer took.
func (m *Metrics) Took(action string, took time.Duration) {
	m.took.WithLabelValues(action).Observe(took.Seconds())
}

// Outcome counts an op that was decided.
func (m *Metrics) Outcome(outcome string) { m.outcomes.WithLabelValues(outcome).Inc() }

// Committed counts a commit of the writer's.
func (m *Metrics) Committed(jobs int, took time.Duration) {
	m.commits.Observe(took.Seconds())
	m.jobs.Observe(float64(jobs))
}

// Handler is the page that Prometheus reads.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, ErrorHandling: promhttp.ContinueOnError})
}

// asking is gauges as Prometheus collects them: together, when somebody looks.
type asking []Gauge

func (a asking) Describe(ch chan<- *prometheus.Desc) {
	for _, g := range a {
		ch <- g.desc()
	}
}

func (g Gauge) desc() *prometheus.Desc {
	var labels []string
	if g.Label != "" {
		labels = []string{g.Label}
	}
	return prometheus.NewDesc("doorstep_"+g.Name, g.Help, labels, nil)
}

func (a asking) Collect(ch chan<- prometheus.Metric) {
	for _, g := range a {
		values, err := g.Ask()
		if err != nil {
			ch <- prometheus.NewInvalidMetric(g.desc(), err)
			continue
		}
		sent := 0
		for label, v := range values {
			if sent++; sent > maxValues {
				break
			}
			if g.Label == "" {
				ch <- prometheus.MustNewConstMetric(g.desc(), prometheus.GaugeValue, v)
				break
			}
			ch <- prometheus.MustNewConstMetric(g.desc(), prometheus.GaugeValue, v, label)
		}
	}
}
