using static TorchSharp.torch;

namespace MLNet.Transformers;

/// <summary>
/// How a network writes. A property that is null takes the value that the generator was made with, then the checkpoint's (generation_config.json, or
/// where there is none the generation keys of config.json), and where that has none either, the default that is given here: the reference's. Checked
/// once, when generation begins; what a checkpoint says of sampling or of beams counts only where they are used.
/// </summary>
public sealed record GenerationOptions
{
    /// <summary>Most new tokens of a text, at least 1. Excludes <see cref="MaxLength"/>.</summary>
    /// <value>20. The network's longest sequence is a limit besides (<see cref="Models.ModelConfig.MaxTokens"/>).</value>
    public int? MaxNewTokens { get; init; }

    /// <summary>Most tokens of a row, at least 2: prompt with its padding and new tokens; of an encoder-decoder the decoder's, start token included.</summary>
    /// <value>Null: <see cref="MaxNewTokens"/> counts. Given here, it replaces both limits of the checkpoint.</value>
    public int? MaxLength { get; init; }

    /// <summary>New tokens before the first end token, at least 0.</summary>
    /// <value>0.</value>
    public int? MinNewTokens { get; init; }

    /// <summary>As <see cref="MinNewTokens"/>, counted as <see cref="MaxLength"/> counts; at least 0. With <see cref="MinNewTokens"/> it has no effect.</summary>
    /// <value>0.</value>
    public int? MinLength { get; init; }

    /// <summary>Texts that are followed at once, at least 1; 1 takes the best token at each step, or samples it.</summary>
    /// <value>1.</value>
    public int? Beams { get; init; }

    /// <summary>When beam search ends.</summary>
    /// <value><see cref="EarlyStopping.Heuristic"/>.</value>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Of beam search: exponent of the length by which a text's log-probability is divided; above 0 favours long texts, below 0 short ones.</summary>
    /// <value>1.</value>
    public double? LengthPenalty { get; init; }

    /// <summary>Whether tokens are drawn by their probabilities instead of taken by their rank. With several <see cref="Beams"/>: beams are drawn.</summary>
    /// <value>false.</value>
    public bool? Sample { get; init; }

    /// <summary>Of sampling: what scores are divided by, above 0. Without <see cref="Sample"/> 0 is allowed, for it means what is done then: the best token.</summary>
    /// <value>1.</value>
    public double? Temperature { get; init; }

    /// <summary>Of sampling: only so many most likely tokens are drawn from, at least 0; 0: from all.</summary>
    /// <value>50.</value>
    public int? TopK { get; init; }

    /// <summary>Of sampling: only the most likely tokens that together have this probability are drawn from, 0 to 1.</summary>
    /// <value>1.</value>
    public double? TopP { get; init; }

    /// <summary>Of sampling: only tokens with at least this share of the most likely token's probability are drawn from, 0 to 1.</summary>
    /// <value>0: from all.</value>
    public double? MinP { get; init; }

    /// <summary>Of sampling: only the tokens nearest to the expected information that together have this probability are drawn from, above 0 to 1.</summary>
    /// <value>1: from all.</value>
    public double? TypicalP { get; init; }

    /// <summary>Of sampling: only tokens of at least this probability are drawn from, 0 to below 1 (<c>epsilon_cutoff</c>).</summary>
    /// <value>0: from all.</value>
    public double? EpsilonCutoff { get; init; }

    /// <summary>Of sampling: as <see cref="EpsilonCutoff"/>, lower where the network is less sure, 0 to below 1 (<c>eta_cutoff</c>).</summary>
    /// <value>0: from all.</value>
    public double? EtaCutoff { get; init; }

    /// <summary>
    /// Of sampling: the same seed draws the same tokens, and each sequence draws from its own generator, whatever else is in the batch. No other
    /// generator of the process is read or set.
    /// </summary>
    /// <value>null: a seed that is drawn anew at each call.</value>
    public int? Seed { get; init; }

    /// <summary>Above 1 makes tokens that were there before less likely, below 1 more; above 0. The prompt counts, its padding does not; of an encoder-decoder the decoder's tokens count.</summary>
    /// <value>1.</value>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Above 1 makes tokens of the source (of a decoder alone: of the prompt) more likely, below 1 less; above 0.</summary>
    /// <value>1.</value>
    public double? EncoderRepetitionPenalty { get; init; }

    /// <summary>No run of so many tokens is written twice, at least 0; the prompt counts, its padding does not. 0: any may be.</summary>
    /// <value>0.</value>
    public int? NoRepeatNgramSize { get; init; }

    /// <summary>No run of so many tokens of the source (of a decoder alone: of the prompt) is written, at least 0. 0: any may be.</summary>
    /// <value>0.</value>
    public int? EncoderNoRepeatNgramSize { get; init; }

    /// <summary>Sequences of token ids that are not written, each of at least one id. An end token alone is not forbidden by it.</summary>
    /// <value>None.</value>
    public IReadOnlyList<IReadOnlyList<int>>? BadWords { get; init; }

    /// <summary>Numbers that are added to the score of the token that would complete a sequence of ids.</summary>
    /// <value>None.</value>
    public IReadOnlyList<(IReadOnlyList<int> Ids, double Bias)>? SequenceBias { get; init; }

    /// <summary>Ids that are never written.</summary>
    /// <value>None.</value>
    public IReadOnlyList<int>? SuppressedIds { get; init; }

    /// <summary>Ids that are not written as the first that the network chooses.</summary>
    /// <value>None.</value>
    public IReadOnlyList<int>? SuppressedFirstIds { get; init; }

    /// <summary>The id that is written first, where the prompt is a single token: of an encoder-decoder behind the start token.</summary>
    /// <value>null: the network chooses.</value>
    public int? ForcedBosId { get; init; }

    /// <summary>The ids of which the last token is one, where the longest length is reached.</summary>
    /// <value>None: the network chooses.</value>
    public IReadOnlyList<int>? ForcedEosIds { get; init; }

    /// <summary>From so many new tokens on, end tokens become more likely, by this factor more with each token; factor above 0.</summary>
    /// <value>null.</value>
    public (int Start, double Factor)? LengthDecay { get; init; }

    /// <summary>Ids that end a text. An empty list: only the longest length and stop strings do.</summary>
    /// <value>None.</value>
    public IReadOnlyList<int>? EosIds { get; init; }

    /// <summary>The id that fills up shorter prompts of a batch.</summary>
    /// <value><see cref="Models.ModelConfig.PaddingId"/>.</value>
    public int? PadId { get; init; }

    /// <summary>The id that an empty prompt begins with, and a decoder's where <see cref="DecoderStartId"/> is not known.</summary>
    /// <value>null.</value>
    public int? BosId { get; init; }

    /// <summary>The id that the decoder of an encoder-decoder begins with.</summary>
    /// <value><see cref="Models.ModelConfig.DecoderStartId"/>, else <see cref="BosId"/>.</value>
    public int? DecoderStartId { get; init; }

    /// <summary>Texts for each prompt, at least 1: the best of beam search, at most <see cref="Beams"/>, or as many samples.</summary>
    /// <value>1.</value>
    public int? ReturnedSequences { get; init; }

    /// <summary>Texts that end generation when they are written, none empty; they and what follows are cut off.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string>? StopStrings { get; init; }

    /// <summary>Whether the scores become log-probabilities again behind all other rules.</summary>
    /// <value>false.</value>
    public bool? Renormalize { get; init; }

    /// <summary>Rules of the caller's, run in their order.</summary>
    /// <value>None.</value>
    public IReadOnlyList<ILogitsProcessor>? LogitsProcessors { get; init; }

    /// <summary>Of sampling: a seed for each prompt, in place of <see cref="Seed"/> and its number in the batch.</summary>
    internal IReadOnlyList<int>? PromptSeeds { get; init; }

    /// <summary>Whether keys and values of tokens that were read are kept; without them the same is computed, slower. For tests and measurements.</summary>
    internal bool? Cached { get; init; }

    /// <summary>Where set, is given the scores of each step behind all rules, (rows, vocabulary).</summary>
    internal Action<Tensor>? ScoreObserver { get; init; }

    /// <summary>Groups of beams that a file asks for. There is one here, so that another number is refused where there are several beams.</summary>
    internal int? BeamGroups { get; init; }

    /// <summary>By how much groups of beams are kept apart, as a file says it: 0, for there is one group.</summary>
    internal double? DiversityPenalty { get; init; }

    /// <summary>The file that says them, where a checkpoint does; null: a caller.</summary>
    internal string? Source { get; init; }
}
