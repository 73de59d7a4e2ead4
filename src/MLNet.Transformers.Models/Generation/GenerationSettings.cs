namespace MLNet.Transformers.Models.Generation;

/// <summary>Options with every value decided and checked: made once for each call, and handed down.</summary>
internal sealed class GenerationSettings
{
    /// <summary>What <see cref="GenerationOptions.MaxNewTokens"/> is where nothing is said.</summary>
    public const int DefaultNewTokens = 20;

    /// <summary>What <see cref="GenerationOptions.TopK"/> is where nothing is said.</summary>
    public const int DefaultTopK = 50;

    private readonly GenerationOptions _asked;
    private readonly GenerationOptions _checkpoint;
    private readonly ModelConfig _config;

    /// <param name="asked">What the caller asks for.</param>
    /// <param name="checkpoint">What the checkpoint says.</param>
    /// <param name="config">The network.</param>
    /// <exception cref="ArgumentException">A value of the caller's is out of its range, or two do not go together; the message names the property.</exception>
    /// <exception cref="CheckpointException">A value of the checkpoint's that counts is out of its range; the message names file and key.</exception>
    public GenerationSettings(GenerationOptions asked, GenerationOptions checkpoint, ModelConfig config)
    {
        (_asked, _checkpoint, _config) = (asked, checkpoint, config);
        if (asked is { MaxNewTokens: not null, MaxLength: not null })
        {
            throw new ArgumentException($"{nameof(asked.MaxNewTokens)} is {asked.MaxNewTokens} and {nameof(asked.MaxLength)} is {asked.MaxLength}; give one of them.");
        }
        Options = Merge(asked, WhatCounts());
        CheckValues();
        CheckReturned();
        Seed = Options.Seed ?? Random.Shared.Next();
    }

    /// <summary>The options as they are, for values that have no default.</summary>
    public GenerationOptions Options { get; private set; }

    public int Seed { get; }

    /// <summary>The seeds of the sequences of a batch: of each prompt as many as <see cref="ReturnedSequences"/>; of beam search one.</summary>
    public IEnumerable<ulong> SequenceSeeds(int prompts)
    {
        int copies = Beams > 1 ? 1 : ReturnedSequences;
        return Enumerable.Range(0, prompts * copies).Select(number => Options.PromptSeeds is { } seeds
            ? Seeds.Mix(seeds[number / copies], number % copies)
            : Seeds.Mix(Seed, number));
    }

    public int Beams => Options.Beams ?? 1;

    public EarlyStopping EarlyStopping => Options.EarlyStopping ?? EarlyStopping.Heuristic;

    public double LengthPenalty => Options.LengthPenalty ?? 1;

    public bool Sample => Options.Sample ?? false;

    public int ReturnedSequences => Options.ReturnedSequences ?? 1;

    public IReadOnlyList<int> EosIds => Options.EosIds ?? [];

    public IReadOnlyList<string> StopStrings => Options.StopStrings ?? [];

    /// <summary>The id that a decoder behind an encoder begins with.</summary>
    /// <exception cref="ArgumentException">Neither the options nor the checkpoint say it.</exception>
    public int DecoderStartId => Options.DecoderStartId ?? _config.DecoderStartId ?? Options.BosId
        ?? throw new ArgumentException($"{nameof(Options.DecoderStartId)} is given neither in the options nor in the checkpoint, and there is no {nameof(Options.BosId)}.");

    /// <summary>The values of some options, and of others where those are null. What came in may be changed afterwards.</summary>
    public static GenerationOptions Merge(GenerationOptions first, GenerationOptions second)
    {
        // A limit that is given replaces both of the others.
        second = second with
        {
            MaxNewTokens = first.MaxLength is null ? second.MaxNewTokens : null,
            MaxLength = first.MaxNewTokens is null ? second.MaxLength : null,
            MinNewTokens = first.MinLength is null ? second.MinNewTokens : null,
        };
        var merged = new GenerationOptions();
        foreach (GenerationOption row in GenerationOptionTable.Rows)
        {
            row.Set(merged, GenerationOption.Copy(row.Get(first) ?? row.Get(second)));
        }
        return merged;
    }

    /// <summary>Refuses a caller's values that are out of their range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is; the message names the property.</exception>
    public static void CheckValues(GenerationOptions asked, ModelConfig config)
    {
        if (FirstWrong(asked, config) is { } wrong)
        {
            throw OutOfRange(wrong.Row, wrong.Found, wrong.Allowed);
        }
    }

    /// <summary>The most and the fewest tokens of a row, prompt included.</summary>
    /// <param name="prompt">Tokens of the prompt, padding included.</param>
    /// <exception cref="ArgumentException">The prompt leaves no room.</exception>
    public (long Longest, long Shortest) Lengths(long prompt)
    {
        CheckPositions(prompt + 1);
        long longest = Options.MaxNewTokens is { } most ? prompt + most : Options.MaxLength ?? prompt + DefaultNewTokens;
        if (prompt >= longest)
        {
            string reason = $"the prompt has {prompt} tokens, padding included: there is no room for a new one. Set {nameof(Options.MaxNewTokens)}";
            throw _asked.MaxLength is null
                ? new CheckpointException($"'{_checkpoint.Source}': 'max_length' is {longest}, and {reason}.")
                : new ArgumentException($"{nameof(Options.MaxLength)} is {longest}, and {reason}.");
        }
        return (Math.Min(longest, _config.MaxTokens ?? long.MaxValue), Options.MinNewTokens is { } fewest ? prompt + fewest : Options.MinLength ?? 0);
    }

    /// <summary>Refuses a text that is longer than the network takes: a source, or a prompt with the first token behind it.</summary>
    /// <param name="tokens">Its tokens, padding included.</param>
    /// <exception cref="ArgumentException">It is longer than <see cref="ModelConfig.MaxTokens"/>.</exception>
    public void CheckPositions(long tokens)
    {
        if (tokens > _config.MaxTokens)
        {
            throw new ArgumentException(
                $"The text needs {tokens} places (its tokens, those of a longer text in its batch, and one for a new token where the text goes on), but the network has {_config.MaxTokens}. Give a shorter text.");
        }
    }

    /// <summary>Refuses beam search, where tokens are to be read as they are written.</summary>
    /// <exception cref="ArgumentException">The caller asks for several beams.</exception>
    /// <exception cref="CheckpointException">The checkpoint does.</exception>
    public void RequireOneBeam()
    {
        const string Reason = "beam search knows its text only at the end, so it cannot be read as it is written";
        if (Beams > 1)
        {
            throw _asked.Beams is null
                ? new CheckpointException($"'{_checkpoint.Source}': 'num_beams' is {Beams}, but {Reason}. Set {nameof(Options.Beams)} to 1.")
                : new ArgumentException($"{nameof(Options.Beams)} is {Beams}: {Reason}. Set it to 1.");
        }
    }

    /// <summary>Settles on one text for a prompt. A checkpoint that says more means calls that return all.</summary>
    /// <exception cref="ArgumentException">The caller asks for several.</exception>
    public void RequireOneText()
    {
        if (_asked.ReturnedSequences > 1)
        {
            throw new ArgumentException($"{nameof(Options.ReturnedSequences)} is {ReturnedSequences}; one text can be read as it is written. Set it to 1.");
        }
        Options = Options with { ReturnedSequences = 1 };
    }

    // What the checkpoint says of sampling counts where tokens are sampled, and so on.
    private GenerationOptions WhatCounts()
    {
        bool samples = (_asked.Sample ?? _checkpoint.Sample) is true;
        bool searches = (_asked.Beams ?? _checkpoint.Beams) > 1;
        GenerationOptions counts = _checkpoint with { };
        foreach (GenerationOption row in GenerationOptionTable.Rows)
        {
            if ((row.Scope == OptionScope.Sampling && !samples) || (row.Scope == OptionScope.BeamSearch && !searches))
            {
                row.Set(counts, null);
            }
        }
        return counts;
    }

    private static (GenerationOption Row, object Found, string Allowed)? FirstWrong(GenerationOptions options, ModelConfig config)
    {
        foreach (GenerationOption row in GenerationOptionTable.Rows)
        {
            if (row.Get(options) is { } value && row.Refuse?.Invoke(value, config.VocabularySize) is { } wrong)
            {
                return (row, wrong.Found, wrong.Allowed);
            }
        }
        return null;
    }

    private static ArgumentOutOfRangeException OutOfRange(GenerationOption row, object found, string allowed) =>
        new(row.Name, found, $"{row.Name} must be {allowed}.");

    private void CheckValues()
    {
        if (FirstWrong(Options, _config) is { } wrong)
        {
            throw Refused(wrong.Row, wrong.Found, wrong.Allowed);
        }
        if (Sample && Options.Temperature == 0)
        {
            throw Refused(GenerationOptionTable.Rows.First(row => row.Name == nameof(Options.Temperature)), 0, $"above 0 where {nameof(Options.Sample)} is true");
        }
    }

    private Exception Refused(GenerationOption row, object found, string allowed) => row.Get(_asked) is null
        ? new CheckpointException($"'{_checkpoint.Source}': '{row.Key}' is {found}; expected {allowed}.")
        : OutOfRange(row, found, allowed);

    private void CheckReturned()
    {
        int most = Beams > 1 ? Beams : Sample ? int.MaxValue : 1;
        if (_asked.ReturnedSequences is null)
        {
            Options = Options with { ReturnedSequences = Math.Min(ReturnedSequences, most) };
        }
        else if (ReturnedSequences > most)
        {
            throw new ArgumentException(Beams > 1
                ? $"{nameof(Options.ReturnedSequences)} is {ReturnedSequences}; {nameof(Options.Beams)} is {Beams}, and there are no more texts than beams."
                : $"{nameof(Options.ReturnedSequences)} is {ReturnedSequences}, but without {nameof(Options.Sample)} and with one of {nameof(Options.Beams)} there is one text for a prompt.");
        }
    }
}
