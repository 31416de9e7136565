"""Frozen parameter classes. Generated from `parameters.toml`; do not edit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PriceParams:
    """Price (block M0)."""

    volatility_per_sqrt_year: float
    """Volatility of the log commodity price (1/sqrt(year))."""
    reversion_per_year: float
    """Speed at which the log price returns to its long-run level (1/year)."""


@dataclass(frozen=True, slots=True)
class BudgetParams:
    """Budget and cash (block M1)."""

    cost_share: float
    """Operating cost at the reference price (share of reference revenue)."""
    fixed_cost_share: float
    """Part of operating cost that does not fall when output falls (share of cost)."""
    social_budget_share: float
    """Community budget in an average month (share of reference revenue)."""
    dividend_payout_share: float
    """Normal operating surplus that headquarters expects each month (share of reference
    surplus)."""
    reserve_months: float
    """Cash the site may keep before the rest goes to headquarters (months of reference surplus)."""
    contract_months: int
    """Length of a multi-year commitment (months)."""
    short_project_months: int
    """Time to the due date of a short project (months)."""
    delay_cost_share_per_week: float
    """Cost of a week's stoppage while the project is being built up (share of capital cost per
    week)."""
    discount_rate_per_year: float
    """Discount rate for company value (1/year)."""


@dataclass(frozen=True, slots=True)
class ValueParams:
    """Value and adaptation (block M24)."""

    horizon_months: int
    """Months of operation that count for its value (months)."""
    discount_calm: float
    """Discount by the market without disruption (share of value)."""
    discount_conflict: float
    """Discount by the market under lasting disruption (share of value)."""
    disruption_scale: float
    """Disruption that moves the market (share of output)."""
    investor_memory_per_month: float
    """Speed at which investors learn (1/month)."""
    believed_disruption_start: float
    """Disruption that investors reckon with at the start (share of output)."""
    investor_pressure: float
    """Dividends asked for under a discount (ratio)."""
    adapts: int
    """Whether the firm changes its practices by its own results (switch)."""
    review_months: int
    """Months between two reviews of the practices (months)."""
    dial_step: float
    """Size of a change (share of full level)."""
    inertia_share: float
    """Reviews that change nothing (share of reviews)."""


@dataclass(frozen=True, slots=True)
class PracticesParams:
    """Partnering practices (block M2)."""

    programme_cost_usd_per_beneficiary_month: float
    """Cost of an intensive multi-actor programme (US$ per beneficiary-month)."""
    facilitation_share: float
    """Programme cost that goes into process and not into deliveries (share of programme cost)."""
    direct_beneficiary_share: float
    """Residents directly reached by a full programme (share of residents)."""
    process_cap_share: float
    """Largest part of the community budget that process may take (share of community budget)."""
    hour_cost_income: float
    """Cost of one hour of programme staff (median monthly incomes per hour)."""
    chain_layers: int
    """Layers between announcement and village (count)."""


@dataclass(frozen=True, slots=True)
class AttributesParams:
    """Attributes of a stack of practices (block M2)."""

    goodwill_alignment: float
    """Readiness of the state bought by spending elsewhere (share of the distance to full readiness,
    or to none)."""
    apology_healing: float
    """Change in how benefits wear away old grievance after an apology (relative change)."""
    disclosed_share: float
    """Promises that compulsory reporting makes verifiable (share of promises)."""
    standard_kept_share: float
    """Standard of a scheme of compulsory reporting (share of promises settled)."""
    standard_window_months: int
    """Window over which the published record is judged (months)."""


@dataclass(frozen=True, slots=True)
class ChainParams:
    """Chain of command, champions and hand-over (block M3)."""

    commitment_mean: float
    """Mean commitment of those who hold a post (share)."""
    commitment_spread: float
    """Differences in commitment between incumbents (share)."""
    indicator_weight: float
    """Weight of partnering among a post's indicators (share)."""
    champion_share_company: float
    """Champions in the company (share of posts)."""
    champion_share_official: float
    """Champions outside the company (share of posts)."""
    champion_value: float
    """Strength of a champion (share)."""
    weak_layer: int
    """Indifferent post in the company's chain (layer)."""
    weak_layer_commitment: float
    """Commitment at the indifferent post (share)."""
    tasks_per_practice: int
    """Tasks of a practice at full level (tasks per month)."""
    attention_tasks: float
    """Tasks a post can look at (tasks per month)."""
    ordinary_tasks: float
    """Ordinary tasks of a post (tasks per month)."""
    norms: int
    """Other norms that compete for attention (count)."""
    tasks_per_norm: float
    """Tasks that a further norm brings (tasks per month)."""
    bypass_share: float
    """Dropped tasks brought back from outside (share)."""
    joint_both_share: float
    """Joint tasks that need both sides (share)."""
    turnover_per_month: float
    """Turnover at a post (1/month)."""
    retention_base: float
    """What a successor inherits anyway (share)."""
    retention_practices: float
    """What protocols and documentation add (share)."""
    know_how_share: float
    """Know-how held by one post (share)."""
    personal_trust_share: float
    """Trust that is in the person (share)."""


@dataclass(frozen=True, slots=True)
class SkillsParams:
    """Skills (block M19)."""

    training_gain_per_month: float
    """Gain from joint training (1/month)."""
    use_gain_per_month: float
    """Gain from use (1/month)."""
    decay_per_month: float
    """Fading of skills (1/month)."""
    latent_share: float
    """Local skill that nobody counts (share)."""
    latent_reveal_per_month: float
    """Speed at which hidden skill shows (1/month)."""
    misread_share: float
    """Misreading without a common vocabulary (share)."""


@dataclass(frozen=True, slots=True)
class HarmParams:
    """Harm and security (block M4)."""

    environment_decay_per_month: float
    """Natural recovery of the environmental stock (1/month)."""
    emission_per_output: float
    """Burden added by one month of full output before mitigation (index per month)."""
    mitigation_effect: float
    """Strength of mitigation spending (-)."""
    mitigation_spend_ratio: float
    """Mitigation spending relative to its reference (ratio)."""
    threat_coupling_per_month: float
    """Spread from one insecurity to another (1/month)."""
    coupling_breadth: float
    """How far all threats are linked alike (share)."""
    security_repair_per_month: float
    """Natural repair of a security component (1/month)."""
    harm_direct_per_month: float
    """Loss of land and health security at full harm (1/month)."""
    goods_repair_per_income: float
    """Repair of a security component per unit of public goods used (1/month per median monthly
    income)."""
    force_harm_per_month: float
    """Loss of safety for people met by force (1/month)."""
    security_spread: float
    """Spread of security between people at the start (log odds)."""
    security_threshold: float
    """Level above which a component counts as secure (share)."""
    marginalised_nearness: float
    """Chance that a marginalised person lives in the nearer half of the village (probability)."""


@dataclass(frozen=True, slots=True)
class LivelihoodParams:
    """Livelihood, dependency and the end of a site (block M21)."""

    outside_floor_share: float
    """Least part of a resident's income that comes from elsewhere than the site (share)."""
    crowding_pay: float
    """Outside work given up for pay from the site (share)."""
    crowding_transfers: float
    """Outside work given up for transfers (share)."""
    skill_growth_per_month: float
    """Growth of outside skill in use (1/month)."""
    skill_withering_per_month: float
    """Withering of outside skill out of use (1/month)."""
    outside_elasticity: float
    """Outside work that can be had (elasticity)."""
    venture_money_share: float
    """Part of money for livelihoods that goes into new ventures (share)."""
    venture_transfer_share: float
    """Part of transfers that counts as money for livelihoods (share)."""
    venture_cost_income: float
    """Money that starts a venture (median monthly incomes)."""
    venture_success_share: float
    """Chance that a venture succeeds (probability)."""
    venture_yield_per_month: float
    """Monthly income from a venture that succeeds (share of cost per month)."""
    venture_loss_share: float
    """Own money lost with a venture that fails (share of cost)."""
    venture_closing_per_month: float
    """Closing of ventures (1/month)."""
    security_response_per_month: float
    """Livelihood security lost or won with income (1/month)."""
    usual_adjustment_per_month: float
    """Speed at which people get used to an income (1/month)."""
    ruin_loss_share: float
    """Loss of usual income that ruins (share of usual income)."""
    poorest_share: float
    """Part of residents that counts as poorest (share of residents)."""
    exit_after_months: int
    """Months of loss after which a site is suspended (months)."""
    care_share: float
    """Cost of a suspended site (share of fixed cost)."""
    suspended_budget_share: float
    """Community budget of a suspended site (share of the budget)."""
    close_wait_months: int
    """Months before a suspended site can be closed (months)."""
    buyer_cost_ratio: float
    """Operating cost of a buyer (ratio)."""
    obligations_kept_share: float
    """Promises that a new owner keeps (share of promises)."""


@dataclass(frozen=True, slots=True)
class RoomParams:
    """The room and the agenda (block M5)."""

    agenda_interval_months: int
    """Months between two agenda decisions (months)."""
    mapper_view_share: float
    """Chance that one mapper knows a group of average standing (probability)."""
    mapper_count_base: float
    """Mappers without joint mapping (count)."""
    mapper_count_full: int
    """Mappers at full joint mapping (count)."""
    known_decay_per_month: float
    """Loss of knowledge of who lives here through turnover (1/month)."""
    invite_base_share: float
    """Chance of an invitation for a known person without an inclusion practice (probability)."""
    meeting_reach_share: float
    """Known people whom one round of meetings can physically reach (share)."""
    attend_intercept: float
    """Readiness to attend at average stake, cost and trust (logit)."""
    attend_stake: float
    """Effect of stake on attending (logit per unit)."""
    attend_stipend: float
    """Effect of a stipend on attending (logit per unit)."""
    attend_opportunity: float
    """Effect of the time cost on attending (logit per day of income)."""
    attend_trust: float
    """Effect of trust in the host on attending (logit per unit)."""
    meeting_cost_days: float
    """Cost of a meeting to a poor person (days of income)."""
    speech_inequality: float
    """How strongly status decides who speaks (exponent)."""
    facilitation_effect: float
    """Part of speech inequality that believed facilitation removes (share)."""
    methods_effect: float
    """Part of speech inequality that adapted methods remove (share)."""
    company_expertise_share: float
    """How far the company alone knows people's mean needs (share)."""
    initiator_anchor_share: float
    """Weight of the initiator's opening agenda (share)."""
    consensus_step_share: float
    """Part of remaining disagreement that one round removes (share per round)."""
    agreement_spread: float
    """Disagreement below which a room agrees (standard deviation of need shares)."""
    max_rounds: int
    """Rounds before a room gives up (rounds)."""
    hours_per_round: float
    """Length of one round (hours)."""
    digital_saving_share: float
    """Part of the meeting cost that digital contact saves connected people (share)."""
    rights_company_owned: float
    """Decision rights of the room when the company owns the process (share)."""
    rights_joint_owned: float
    """Decision rights of the room when the process is jointly owned (share)."""


@dataclass(frozen=True, slots=True)
class PartnershipParams:
    """Joining, keeping and leaving (block M20)."""

    entry_caution: float
    """Weight of the cost in joining (ratio)."""
    exit_caution: float
    """Weight of the cost in staying (ratio)."""
    exit_patience_months: int
    """Months of doubt before a partner leaves (months)."""
    exit_spread: float
    """Loss of expected gain when all others have left (share)."""
    leader_regard: float
    """Weight of a neighbour's gain for a leader (share)."""
    feared_loss_share: float
    """Loss to unrest that the company fears without a partnership (share of reference revenue)."""
    unrest_blame_share: float
    """Part of unrest that the company lays at the partnership's door (share)."""
    liability_fear_share: float
    """Cost that fear of liability adds for the company (share of reference revenue)."""
    credit_share: float
    """Credit that the municipality takes for what the company provides (share)."""
    town_cost_share: float
    """Cost of taking part for the municipality (share of its own money)."""
    arrival_share: float
    """Part of the community budget that organisations expect to arrive (share)."""
    expected_meeting_days: float
    """Time in meetings that leaders expect (days per month)."""
    learning_per_month: float
    """Speed at which partners learn what they gain (1/month)."""
    neighbour_weight: float
    """Weight of results in other villages (share)."""
    review_weight: float
    """Weight of published findings among partners (share)."""
    task_effort_share: float
    """Own effort that joint work takes (share)."""
    outside_effort_share: float
    """Work of those outside the partnership on its projects (share)."""
    believed_horizon: float
    """Chance that cooperation goes on next month, as partners believe (factor per month)."""
    tenure_weight: float
    """Weight of the coming vote in the municipality (share)."""
    conditional_share: float
    """Part of effort that depends on what others put in (share)."""
    match_slope: float
    """Slope with which partners match others (ratio)."""
    payoff_learning_share: float
    """How far effort follows one's own payoff (share)."""
    payoff_step: float
    """Change of effort by payoff learning (share per agenda)."""
    meeting_cap_hours: float
    """Longest time in meetings in a month (hours per month)."""


@dataclass(frozen=True, slots=True)
class BargainParams:
    """Bargaining (block M6)."""

    belief_noise_sd: float
    """Spread of the community's belief about the rent (log)."""
    belief_bias: float
    """Mean error of the community's belief about the rent (log)."""
    price_overreading: float
    """How strongly a high price is over-read as rent (elasticity)."""
    disclosure_precision: float
    """Precision of a fully credible statement of the rent (1/log^2)."""
    company_impatience_per_year: float
    """Company's discount rate in bargaining (1/year)."""
    community_impatience_per_year: float
    """Community's discount rate in bargaining (1/year)."""
    standoff_margin_ratio: float
    """What the company would add to avoid a standoff, relative to the agreed share (ratio)."""
    payer_discount: float
    """Discount on a facilitator for the part the company pays (share)."""
    credibility_start: float
    """Credibility of a new facilitator (share)."""
    credibility_learning: float
    """Speed at which credibility follows observed accuracy (1/round)."""
    harden_conceded: float
    """Growth of demands after a concession under pressure (log per event)."""
    harden_broken: float
    """Growth of demands after a broken promise (log per event)."""
    harden_kept: float
    """Fall of demands after a kept promise (log per event)."""
    harden_refused: float
    """Growth of demands after a refusal without reasons (log per event)."""


@dataclass(frozen=True, slots=True)
class DeliveryParams:
    """Promises and delivery (block M7)."""

    tasks_per_project: int
    """Tasks that must all be done (count)."""
    tasks_per_contract: int
    """Tasks of a contract of several years (count)."""
    task_hazard_per_month: float
    """Chance rate of finishing one task with full skill and attention (1/month)."""
    checklist_gain: float
    """Speed-up of a listed task at full checklist (ratio)."""
    checklist_loss: float
    """Slow-down of an unlisted task at full checklist (ratio)."""
    listed_share: float
    """Tasks that appear on the checklist (share)."""
    grace_months: int
    """Lateness after which a promise counts as broken (months)."""
    verifiable_base_share: float
    """Promises with a deadline or measurable content without documentation (share)."""
    overpromise_share: float
    """Unfunded wishes that are promised all the same (share)."""


@dataclass(frozen=True, slots=True)
class DistributionParams:
    """Distribution and leakage (block M8)."""

    diverted_start_share: float
    """Diverted share of a channel at the start (share)."""
    overhead_share: float
    """Honest cost of running a channel (share)."""
    detection_base: float
    """Chance scale of detecting diversion without monitoring (probability)."""
    detection_monitoring: float
    """Added detection at full monitoring (probability)."""
    detection_verified: float
    """Added detection when promises are verifiable (probability)."""
    sanction_share: float
    """Part of the gain lost when caught (share)."""
    diversion_step: float
    """Speed of learning to divert (logit per unit payoff change)."""
    power_share: float
    """Part of a split that follows local power without protocols (share)."""
    status_power: float
    """How steeply power rises with status (exponent)."""
    public_good_factor: float
    """Value of one unit spent on a perfectly matching public good (ratio)."""
    goods_life_months: float
    """Time over which a public good is used up (months)."""
    transfer_match: float
    """Value of one unit of cash against a perfectly matching good (ratio)."""


@dataclass(frozen=True, slots=True)
class MonitoringParams:
    """Monitoring, metrics and learning (block M18)."""

    review_interval_months: int
    """Months between two reviews of performance (months)."""
    alignment_base_share: float
    """Agreement of ordinary indicators with what people need (share)."""
    capture_share: float
    """How far negotiated metrics follow those who negotiated them (share)."""
    noise_sd: float
    """Error of a review without monitoring (share)."""
    noise_left_share: float
    """Error left at full monitoring (share)."""
    learning_step: float
    """Shift of the company's plan at a review (share per review)."""
    publish_share: float
    """Findings that are published at full monitoring (probability)."""
    shortfall_weight: float
    """Weight of a published shortfall (ratio)."""
    ease_safety: float
    """How easily safety is counted (share)."""
    ease_livelihood: float
    """How easily livelihood is counted (share)."""
    ease_land: float
    """How easily land is counted (share)."""
    ease_health: float
    """How easily health and water is counted (share)."""
    ease_services: float
    """How easily services is counted (share)."""
    ease_dignity: float
    """How easily dignity is counted (share)."""


@dataclass(frozen=True, slots=True)
class AppraisalParams:
    """Appraisal (block M9)."""

    weight_benefit: float
    """Weight of benefit compared with its reference (-)."""
    weight_voice: float
    """Weight of influence compared with what was expected (-)."""
    weight_promises: float
    """Weight of promises kept and broken (-)."""
    weight_harm: float
    """Weight of harm and visible repair (-)."""
    weight_contact: float
    """Weight of quality of contact (-)."""
    wage_rent_share: float
    """Part of wages and purchases held against a fair share (share)."""
    benefit_scale_income: float
    """Benefit difference that is felt as large (median monthly incomes per month)."""
    adaptation_share: float
    """How far the reference follows what one has got used to (share)."""
    voice_gain: float
    """Steepness of the feeling of influence (per unit influence)."""
    intrinsic_voice: float
    """Satisfaction from being heard whatever comes of it (signal)."""
    voice_frustration: float
    """Hurt of being heard and not heeded (signal)."""
    exclusion_hurt: float
    """Hurt of knowing oneself left out (signal)."""
    seen_base_share: float
    """Chance per month that an event is seen without communication work (probability)."""
    influence_learning_per_month: float
    """Speed at which expected influence follows experience (1/month)."""
    announced_pull: float
    """How strongly an announced but unexecuted level raises expected influence (ratio)."""


@dataclass(frozen=True, slots=True)
class TrustParams:
    """Trust (block M10)."""

    asymmetry_max: float
    """Weight of bad against good experience at middling trust (ratio)."""
    confirmation_share: float
    """How far strong views bend what is seen (share)."""
    forgetting_per_month: float
    """Loss of old evidence (1/month)."""
    learning_per_month: float
    """Step of the linear rule per unit signal (1/month)."""
    evidence_weight: float
    """Evidence added per unit signal in the counting rule (counts)."""
    prior_strength: float
    """Evidence that a starting level stands for (counts)."""
    deception_cap: float
    """Highest trust after deception (share)."""
    spillover_share: float
    """Part of a signal about the firm that also falls on the state (share)."""


@dataclass(frozen=True, slots=True)
class AspirationParams:
    """Aspirations (block M11)."""

    adjustment_per_month: float
    """Speed at which aspirations follow benefits (1/month)."""
    own_weight: float
    """Weight of own benefit against neighbours' (share)."""
    promise_pull: float
    """Pull of an announced benefit (1/month)."""
    price_pull_income: float
    """Rise of aspirations with the log price above its mean (median monthly incomes per month per
    log)."""
    arrival_pull_income: float
    """Rise of aspirations per month while operations grow (median monthly incomes per month)."""


@dataclass(frozen=True, slots=True)
class GrievanceParams:
    """Grievance (block M12)."""

    harm_inflow: float
    """Grievance from full harm (1/month)."""
    shortfall_inflow: float
    """Grievance from benefits far below the reference (1/month)."""
    voice_inflow: float
    """Grievance from voice far below expectation (1/month)."""
    deprivation_inflow: float
    """Grievance from full relative deprivation (1/month)."""
    breach_inflow: float
    """Partnership grievance from a month of broken promises (1/month)."""
    deprivation_interval_months: int
    """Time between two comparisons with others (months)."""
    decay_per_month: float
    """Fading of operational and partnership grievance (1/month)."""
    legacy_decay_per_month: float
    """Fading of legacy grievance with time (1/month)."""
    legacy_benefit_erosion: float
    """Fading of legacy grievance with benefit (1/month per unit positive benefit signal)."""
    tunnel_hope: float
    """Hope raised by others' gains at first (signal)."""
    tunnel_months: float
    """Time over which that hope fades (months)."""
    regulator_blame_share: float
    """Part of harm that is laid at the state's door (share)."""
    closure_relief: float
    """Relief from a case resolved (share)."""
    overdue_inflow: float
    """Grievance from an overdue case (1/month)."""


@dataclass(frozen=True, slots=True)
class DeskParams:
    """Complaints desk and remedy forum (block M17)."""

    servers_per_1000: float
    """Cases handled at a time (cases per 1000 residents)."""
    closing_per_month: float
    """Speed of handling (1/month)."""
    due_months: int
    """Time within which an answer is due (months)."""
    file_threshold: float
    """Grievance worth a complaint (share of full grievance)."""
    known_share: float
    """Who knows of a desk at full level (share)."""
    seek_share: float
    """Aggrieved people who seek any help (share)."""
    authority_share: float
    """Aggrieved people who go to an authority (share)."""
    problem_months: float
    """Time over which people act on a problem (months)."""
    digital_ease: float
    """Ease of filing online (share)."""
    dare_fear: float
    """Fear and filing (-)."""
    belief_start: float
    """Belief that filing helps, at the start (share)."""
    belief_learning: float
    """Learning from others' cases (share)."""
    withdraw_per_month: float
    """Cases given up while waiting (1/month)."""
    remedy_income: float
    """Remedy that would make good (median monthly incomes per case)."""
    remedy_share: float
    """Remedies as part of the price (share)."""
    remedy_weight: float
    """Weight of the remedy in judging a case (share)."""
    judge_company: float
    """Cases well judged by the company (share)."""
    judge_joint: float
    """Cases well judged jointly (share)."""
    judge_outside: float
    """Cases well judged from outside (share)."""
    spillover_tone: float
    """Tone that spills over (ratio)."""
    spillover_attention: float
    """Attention that spills over (share)."""
    liability_silence: float
    """Silence for fear of liability (share)."""


@dataclass(frozen=True, slots=True)
class InfluenceParams:
    """Social influence (block M13)."""

    mean_degree: int
    """Ties per person (count)."""
    leader_degree_ratio: float
    """Ties of a leader relative to an ordinary person (ratio)."""
    group_mixing: float
    """How evenly groups are spread over villages (Dirichlet concentration)."""
    inside_share: float
    """Ties inside the village (share)."""
    homophily_share: float
    """Ties reserved for the own group (share)."""
    rewiring_share: float
    """Village ties that leap over the neighbourhood (share)."""
    opinion_susceptibility: float
    """Weight of neighbours' opinions (share)."""
    gossip_discount: float
    """Weight of a neighbour's experience against one's own (share)."""
    bad_news_factor: float
    """How much further bad news travels (ratio)."""


@dataclass(frozen=True, slots=True)
class RiskParams:
    """Risk of taking part (block M14)."""

    reprisal_per_visible_act: float
    """Reprisal for a visible act (probability per act)."""
    active_exposure: float
    """Visibility of open action (ratio)."""
    record_exposure: float
    """Visibility through records (ratio)."""
    trace_exposure: float
    """Visibility through digital traces (ratio)."""
    anonymity_cover: float
    """Cover by anonymity (share)."""
    anonymity_loss: float
    """What anonymity blurs (share)."""
    proxy_cover: float
    """Cover by proxy speakers (share)."""
    proxy_loss: float
    """What proxy speakers replace (share)."""
    pacing_cover: float
    """Cover by pacing (share)."""
    pacing_cut: float
    """Smaller meetings by pacing (share)."""
    hit_harm_per_month: float
    """Pressure of reprisal on safety (1/month)."""
    fear_fading_per_month: float
    """Fading of fear (1/month)."""
    fear_from_neighbours: float
    """Fear from reprisal among neighbours (share)."""
    fear_from_force: float
    """Fear from force (share)."""
    attend_fear: float
    """Fear and attendance (log odds)."""
    speech_fear: float
    """Cost of speaking at full fear (share of full grievance)."""
    speech_status: float
    """Standing and the cost of speaking (share)."""


@dataclass(frozen=True, slots=True)
class MobilisationParams:
    """Mobilisation (block M15)."""

    weight_grievance: float
    """Weight of grievance (index)."""
    weight_efficacy: float
    """Weight of efficacy times stake (index)."""
    weight_peers: float
    """Weight of others' activity (index)."""
    neighbour_share: float
    """Part of peer weight that goes to one's own ties (share)."""
    weight_risk: float
    """Weight of risk times risk aversion (index)."""
    weight_trust: float
    """Weight of trust in the company (index)."""
    threshold_mean: float
    """Mean threshold for acting (index)."""
    threshold_sd: float
    """Spread of thresholds (index)."""
    rung_step: float
    """Extra willingness needed for each further rung (index)."""
    redecide_share_per_week: float
    """People who reconsider in a week (share per week)."""
    enforcement_strength: float
    """How fast risk rises with officers per active person (-)."""
    legacy_weight: float
    """Weight of legacy grievance in mobilisation (share)."""
    partnership_weight: float
    """Weight of partnership grievance in mobilisation (share)."""
    disruption_max: float
    """Output lost when everybody blocks (share)."""
    disruption_half_share: float
    """Residents blocking at which half of that is lost (share of residents)."""
    disruption_shape: float
    """Steepness of disruption (exponent)."""
    disruption_floor_share: float
    """Residents blocking below which nothing stops (share of residents)."""


@dataclass(frozen=True, slots=True)
class ResponseParams:
    """Response (block M16)."""

    choice_temperature: float
    """Randomness of choice among responses (share of monthly reference surplus)."""
    learning_share: float
    """Weight of the newest experience (share)."""
    lesson_months: int
    """Time after an answer that is held against it (months)."""
    trigger_share: float
    """Active residents that call for a response (share of residents)."""
    concession_share: float
    """Size of one concession (share of a month's community budget)."""
    explain_precision: float
    """Precision of a company statement at full trust (1/log^2)."""
    force_officers_per_1000: float
    """Officers sent when force is granted (per 1000 residents)."""
    force_cost_share: float
    """Cost to the company of asking for force (share of monthly reference surplus)."""
    delay_months_full: float
    """Delay of a response at full protocols (months)."""
    efficacy_gain: float
    """Rise of believed efficacy after a concession (share of the gap)."""
    efficacy_loss: float
    """Fall of believed efficacy after no result (share)."""


@dataclass(frozen=True, slots=True)
class StateParams:
    """The state (block M22)."""

    execution_share_per_year: float
    """Part of a windfall that local government spends in a year (share per year)."""
    prevote_rise_share: float
    """Rise of visible spending in the year before a vote (share)."""
    postvote_capacity_loss: float
    """Capacity lost with a change of government (share)."""
    capacity_recovery_per_month: float
    """Return of capacity to its normal level (1/month)."""
    displacement_share: float
    """State effort withdrawn per unit of company provision (share)."""
    legitimacy_adjustment_per_month: float
    """Speed at which legitimacy moves (1/month)."""
    legitimacy_services: float
    """Legitimacy won with better services (share per unit of signal)."""
    legitimacy_misrepresentation: float
    """Legitimacy lost where officials want something else (share)."""
    legitimacy_force: float
    """Legitimacy lost with force (share)."""
    turnover_share: float
    """Chance that a vote changes government (probability)."""
    turnover_legitimacy: float
    """Change of government with legitimacy lost (probability per share)."""
    drop_commitments_share: float
    """Work dropped by a new government (share of promises)."""
    realignment_spread: float
    """Distance of a new government from the firm (share)."""
    alignment_adjustment_per_month: float
    """Speed at which alignment moves (1/month)."""
    alignment_revenue: float
    """Alignment with a firm that pays (share per share of municipal money)."""
    alignment_complicity: float
    """Alignment after acting together (share)."""
    perceived_alignment_weight: float
    """Trust spilling over as far as company and state are aligned (share)."""
    official_majority_weight: float
    """Weight of the largest group with officials (share)."""
    official_own_weight: float
    """Weight of officials' own interest where institutions are weakest (share)."""
    official_prevote_weight: float
    """Show before votes (share)."""


@dataclass(frozen=True, slots=True)
class DialCostParams:
    """Price of the practices (block M2)."""

    locally_driven: float
    """Price weight of locally driven (weight)."""
    inclusive: float
    """Price weight of inclusive (weight)."""
    forward_looking: float
    """Price weight of forward looking (weight)."""
    trust_conduct: float
    """Price weight of trust as conduct (weight)."""
    sharing: float
    """Price weight of sharing (weight)."""
    mapping: float
    """Price weight of joint mapping of participants (weight)."""
    facilitation: float
    """Price weight of neutral facilitation (weight)."""
    communication: float
    """Price weight of communication (weight)."""
    protocols: float
    """Price weight of management protocols (weight)."""
    monitoring: float
    """Price weight of monitoring and evaluation (weight)."""
    complaints_desk: float
    """Price weight of complaints desk of the partnership (weight)."""
    consultation_methods: float
    """Price weight of consultation methods (weight)."""
    checklist: float
    """Price weight of action checklist (weight)."""
    digital: float
    """Price weight of digital tools (weight)."""
    joint_training: float
    """Price weight of joint training (weight)."""
    documentation: float
    """Price weight of documentation (weight)."""
    bespoke_metrics: float
    """Price weight of bespoke metrics (weight)."""
    remedy_forum: float
    """Price weight of separate forum for past wrongs (weight)."""


@dataclass(frozen=True, slots=True)
class DialHoursParams:
    """Staff hours of the practices (block M2)."""

    locally_driven: float
    """Staff hours for locally driven (hours per 1000 residents per month)."""
    inclusive: float
    """Staff hours for inclusive (hours per 1000 residents per month)."""
    forward_looking: float
    """Staff hours for forward looking (hours per 1000 residents per month)."""
    trust_conduct: float
    """Staff hours for trust as conduct (hours per 1000 residents per month)."""
    sharing: float
    """Staff hours for sharing (hours per 1000 residents per month)."""
    mapping: float
    """Staff hours for joint mapping of participants (hours per 1000 residents per month)."""
    facilitation: float
    """Staff hours for neutral facilitation (hours per 1000 residents per month)."""
    communication: float
    """Staff hours for communication (hours per 1000 residents per month)."""
    protocols: float
    """Staff hours for management protocols (hours per 1000 residents per month)."""
    monitoring: float
    """Staff hours for monitoring and evaluation (hours per 1000 residents per month)."""
    complaints_desk: float
    """Staff hours for complaints desk of the partnership (hours per 1000 residents per month)."""
    consultation_methods: float
    """Staff hours for consultation methods (hours per 1000 residents per month)."""
    checklist: float
    """Staff hours for action checklist (hours per 1000 residents per month)."""
    digital: float
    """Staff hours for digital tools (hours per 1000 residents per month)."""
    joint_training: float
    """Staff hours for joint training (hours per 1000 residents per month)."""
    documentation: float
    """Staff hours for documentation (hours per 1000 residents per month)."""
    bespoke_metrics: float
    """Staff hours for bespoke metrics (hours per 1000 residents per month)."""
    remedy_forum: float
    """Staff hours for separate forum for past wrongs (hours per 1000 residents per month)."""


@dataclass(frozen=True, slots=True)
class DialSkillParams:
    """Skill the practices need (block M2)."""

    locally_driven: float
    """Skill needed for locally driven (share of full competence)."""
    inclusive: float
    """Skill needed for inclusive (share of full competence)."""
    forward_looking: float
    """Skill needed for forward looking (share of full competence)."""
    trust_conduct: float
    """Skill needed for trust as conduct (share of full competence)."""
    sharing: float
    """Skill needed for sharing (share of full competence)."""
    mapping: float
    """Skill needed for joint mapping of participants (share of full competence)."""
    facilitation: float
    """Skill needed for neutral facilitation (share of full competence)."""
    communication: float
    """Skill needed for communication (share of full competence)."""
    protocols: float
    """Skill needed for management protocols (share of full competence)."""
    monitoring: float
    """Skill needed for monitoring and evaluation (share of full competence)."""
    complaints_desk: float
    """Skill needed for complaints desk of the partnership (share of full competence)."""
    consultation_methods: float
    """Skill needed for consultation methods (share of full competence)."""
    checklist: float
    """Skill needed for action checklist (share of full competence)."""
    digital: float
    """Skill needed for digital tools (share of full competence)."""
    joint_training: float
    """Skill needed for joint training (share of full competence)."""
    documentation: float
    """Skill needed for documentation (share of full competence)."""
    bespoke_metrics: float
    """Skill needed for bespoke metrics (share of full competence)."""
    remedy_forum: float
    """Skill needed for separate forum for past wrongs (share of full competence)."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """All behavioural parameters of one run, by section."""

    price: PriceParams
    budget: BudgetParams
    value: ValueParams
    practices: PracticesParams
    attributes: AttributesParams
    chain: ChainParams
    skills: SkillsParams
    harm: HarmParams
    livelihood: LivelihoodParams
    room: RoomParams
    partnership: PartnershipParams
    bargain: BargainParams
    delivery: DeliveryParams
    distribution: DistributionParams
    monitoring: MonitoringParams
    appraisal: AppraisalParams
    trust: TrustParams
    aspiration: AspirationParams
    grievance: GrievanceParams
    desk: DeskParams
    influence: InfluenceParams
    risk: RiskParams
    mobilisation: MobilisationParams
    response: ResponseParams
    state: StateParams
    dial_cost: DialCostParams
    dial_hours: DialHoursParams
    dial_skill: DialSkillParams
