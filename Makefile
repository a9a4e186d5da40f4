# What one can do here. Each target is a line around Maven or the launcher; see CONTRIBUTING.md.
MVN = mvn -B -q

.PHONY: help format test verify it st long containers image compose replay chaos memory many million bench bench-smoke dev docs clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

format: ## bring all sources into shape
	JAVA_HOME=$$(dispatcher/src/main/dist/bin/java-home) $(MVN) spotless:apply

test: ## decisions, simulations, topologies, house rules: no broker, seconds
	$(MVN) test

verify: ## everything that a change has to pass
	mvn -B verify

it: ## integration tests only
	$(MVN) verify -Dsurefire.skip=true -Dit.test='*IT' -Dfailsafe.failIfNoSpecifiedTests=false

st: ## whole-system tests only
	$(MVN) verify -Dsurefire.skip=true -Dit.test='*ST' -Dfailsafe.failIfNoSpecifiedTests=false

long: ## the whole-system tests that take minutes: faults, browsers, clusters
	$(MVN) verify -Plong -Dsurefire.skip=true

containers: ## integration tests on the public container images; needs a Docker engine
	$(MVN) verify -Dsurefire.skip=true -Pcontainers

image: ## the container image fanfare:latest, with a bill of materials; needs a Docker engine
	$(MVN) package -Psbom -Dmaven.test.skip=true -Darchive.skip=true -pl sandbox -am
	docker build -f deploy/image/Dockerfile -t fanfare .

compose: image ## Kafka, registry, two dispatchers and a receiver in containers
	docker compose -f deploy/compose/compose.yaml up

replay: ## 100,000 dead letters replayed at 2,000/s, killed in the middle; wants a quiet machine
	mvn -B verify -pl retry-topology -am -Dsurefire.skip=true -Dit.test=ReplayKillIT -Dfailsafe.failIfNoSpecifiedTests=false -Dfanfare.replay.count=100000 -Dfanfare.replay.rate=2000 -Dfanfare.replay.quiet=true

chaos: ## 100,000 deliveries, amid which brokers and dispatchers are killed ten times
	mvn -B verify -Plong -pl sandbox -am -Dsurefire.skip=true -Dit.test=ChaosST -Dfailsafe.failIfNoSpecifiedTests=false -Dfanfare.chaos.deliveries=100000 -Dfanfare.chaos.faults=10

memory: ## 1,200,000 deliveries wait and 10,000 requests hang: the heap that takes
	mvn -B verify -pl dispatcher -am -Dsurefire.skip=true -Dit.test=MemoryIT -Dfailsafe.failIfNoSpecifiedTests=false -Dfanfare.memory.waiting=1200000 -Dfanfare.memory.hanging=10000 -Dfanfare.memory.mib=560

many: ## 100,000 subscriptions: time to start, heap, pages
	mvn -B verify -pl dispatcher -am -Dsurefire.skip=true -Dit.test=ManySubscriptionsIT -Dfailsafe.failIfNoSpecifiedTests=false -Dfanfare.subscriptions=100000

million: ## 1,000,000 deliveries in the log: pages by every filter, memory, disk; wants a quiet machine
	mvn -B verify -pl sandbox -am -Dsurefire.skip=true -Dit.test=LogSizeST -Dfailsafe.failIfNoSpecifiedTests=false -Dfanfare.log.count=1000000 -Dfanfare.log.rounds=200 -Dfanfare.log.quiet=true

bench: ## every benchmark, figures and drawings into bench/target/figures; wants a quiet machine, about an hour
	bench/all

bench-smoke: ## every benchmark, so small that it says nothing; to see that all of them run
	mvn -B verify -pl bench -am -Dsurefire.skip=true -Dit.test='ScenariosIT,BenchMainIT' -Dfailsafe.failIfNoSpecifiedTests=false -Dfanfare.bench.smoke=all

dev: ## Fanfare with everything it needs, on this machine
	./fanfare dev

docs: ## write docs/generated anew
	$(MVN) test -pl dispatcher -am -Dtest='*ReferenceTest' -Dsurefire.failIfNoSpecifiedTests=false -Dfanfare.docs=write

clean: ## remove what was built, and the data of ./fanfare dev
	$(MVN) clean
	rm -rf .fanfare
