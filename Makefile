# 监测 Jiance. `make help` lists everything.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup report test test-spark test-server test-long engines server ui clean lock demo bench

help: ## 列出命令 / list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: ## 准备环境(自动,只做一次)/ set up (done by the others, once)
	@./.ci/setup

report: setup ## 生成各项目最新年度的报告 / make the report of every programme at its latest year
	@.venv/bin/jiance run --latest

test: setup ## 运行全部测试 / run the whole test suite
	@./.ci/browser
	@./.ci/engines
	@./.ci/server nginx
	@.venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-long: setup ## 把已另行核对过的各版再整版重做,并核对只供量速度用的数据(数分钟)/ make editions whole again that make test holds another way, check data of the benchmark (minutes)
	@./.ci/engines
	@.venv/bin/python -m pytest -m long

test-spark: setup ## 与 Spark、Sail 逐表核对(数分钟,需 Java 17)/ hold every table against Spark and Sail
	@./.ci/engines spark
	@.venv/bin/python -m pytest -m spark tests/warehouse tests/benchmarks

test-server: setup ## 服务器:队列、断电、备份、多台机器(数分钟,装 PostgreSQL)/ test queue, power cut, backup, hosts
	@./.ci/server nginx postgresql
	@.venv/bin/python -m pytest -m server tests/deploy

engines: setup ## 安装 --engine 所需的库 / install what --engine needs
	@./.ci/engines

server: setup ## 安装服务器所需的库(docs/server.md)/ install what a server needs
	@./.ci/server

ui: setup ## 打开 Dagster 界面(本机)/ open the Dagster interface on this machine
	@.venv/bin/jiance ui

demo: setup ## 重新生成演示数据 / make the demonstration returns again
	@.venv/bin/python -m pipeline.demo

bench: setup ## 量速度和开销,写 docs/performance.md(两核约半小时)/ measure speed, write docs/performance.md (about half an hour on two cores)
	@./.ci/peers
	@.venv/bin/jiance bench --size city

lock: setup ## 重新锁定依赖 / lock the dependencies again
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-header --no-annotate requirements-dev.in -o requirements.lock
	@for set in engines spark peers server; do .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-strip-extras --no-header --no-annotate requirements-$$set.in -o requirements-$$set.lock; done

clean: ## 删除工作文件(保留 editions/)/ remove working files (editions/ stays)
	@rm -rf build .venv *.egg-info .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
