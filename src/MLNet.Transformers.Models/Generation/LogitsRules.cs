using MLNet.Transformers.Models.Generation.Rules;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>All rules that options ask for, in the reference's order (generation/utils.py, _get_logits_processor).</summary>
internal sealed class LogitsRules
{
    private readonly List<ILogitsRule> _rules = [];
    private readonly Action<Tensor>? _observer;

    /// <param name="settings">Options.</param>
    /// <param name="prompt">Tokens of the prompt, padding included.</param>
    public LogitsRules(GenerationSettings settings, long prompt)
    {
        GenerationOptions options = settings.Options;
        _observer = options.ScoreObserver;
        (long longest, long shortest) = settings.Lengths(prompt);
        AddPenalties(options, settings.EosIds);
        if (shortest > 0 && settings.EosIds.Count > 0)
        {
            _rules.Add(new MinimumLength(shortest, settings.EosIds));
        }
        if (options.ForcedBosId is { } first)
        {
            _rules.Add(new ForcedTokens([first], 1));
        }
        if (options.ForcedEosIds is { Count: > 0 } last)
        {
            _rules.Add(new ForcedTokens(last, longest - 1));
        }
        if (options.LengthDecay is { } decay && settings.EosIds.Count > 0)
        {
            _rules.Add(new DecayingLength(prompt + decay.Start, decay.Factor, settings.EosIds));
        }
        if (options.SuppressedIds is { Count: > 0 } suppressed)
        {
            _rules.Add(new SuppressedTokens(suppressed));
        }
        if (options.SuppressedFirstIds is { Count: > 0 } atFirst)
        {
            // A forced first token is not chosen: the one behind it is.
            _rules.Add(new SuppressedAtBeginning(atFirst, prompt > 1 || options.ForcedBosId is null ? prompt : prompt + 1));
        }
        _rules.AddRange((options.LogitsProcessors ?? []).Select(processor => new CallersRule(processor)));
        if (settings.Sample)
        {
            AddWarpers(options, least: settings.Beams > 1 ? Math.Max(2, settings.EosIds.Count + 1) : 1);
        }
        if (options.Renormalize is true)
        {
            _rules.Add(new Renormalization());
        }
    }

    /// <summary>The scores to choose from.</summary>
    /// <param name="tokens">What was read and written so far.</param>
    /// <param name="scores">float32, (rows, vocabulary).</param>
    public Tensor Process(DecodedTokens tokens, Tensor scores)
    {
        Tensor processed = _rules.Aggregate(scores, (current, rule) => rule.Process(tokens, current));
        _observer?.Invoke(processed);
        return processed;
    }

    private void AddPenalties(GenerationOptions options, IReadOnlyList<int> endIds)
    {
        if (options.SequenceBias is { Count: > 0 } biases)
        {
            _rules.Add(new SequenceBias(biases));
        }
        if (options.EncoderRepetitionPenalty is { } sourcePenalty and not 1)
        {
            _rules.Add(new EncoderRepetitionPenalty(sourcePenalty));
        }
        if (options.RepetitionPenalty is { } penalty and not 1)
        {
            _rules.Add(new RepetitionPenalty(penalty));
        }
        if (options.NoRepeatNgramSize is { } size and > 0)
        {
            _rules.Add(new NoRepeatNgram(size));
        }
        if (options.EncoderNoRepeatNgramSize is { } sourceSize and > 0)
        {
            _rules.Add(new EncoderNoRepeatNgram(sourceSize));
        }
        if (options.BadWords is { Count: > 0 } words)
        {
            _rules.Add(Rules.SequenceBias.Forbidding(words, endIds));
        }
    }

    // Only sampling has a use for them. least: beams need a token that goes on besides the end tokens.
    private void AddWarpers(GenerationOptions options, int least)
    {
        if (options.Temperature is { } temperature and not 1)
        {
            _rules.Add(new Temperature(temperature));
        }
        if ((options.TopK ?? GenerationSettings.DefaultTopK) is var count and > 0)
        {
            _rules.Add(new TopK(Math.Max(count, least)));
        }
        if (options.TopP is { } share and < 1)
        {
            _rules.Add(new TopP(share, least));
        }
        if (options.MinP is { } minimum)
        {
            _rules.Add(new MinP(minimum, least));
        }
        if (options.TypicalP is { } typical and < 1)
        {
            _rules.Add(new TypicalP(typical, least));
        }
        if (options.EpsilonCutoff is { } epsilon and > 0)
        {
            _rules.Add(new EpsilonCutoff(epsilon, least));
        }
        if (options.EtaCutoff is { } eta and > 0)
        {
            _rules.Add(new EtaCutoff(eta, least));
        }
    }
}
