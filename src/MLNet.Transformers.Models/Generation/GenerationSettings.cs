namespace MLNet.Transformers.Models.Generation;

/// <summary>Options with every value decided and checked.</summary>
internal sealed class GenerationSettings
{
    private readonly GenerationOptions _options;

    /// <param name="options">What the caller asks for.</param>
    /// <param name="checkpoint">What the checkpoint says.</param>
    /// <param name="config">The network.</param>
    /// <exception cref="ArgumentException">A value is out of its range, or two do not go together; the message names the property.</exception>
    public GenerationSettings(GenerationOptions options, GenerationOptions checkpoint, ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is { MaxNewTokens: not null, MaxLength: not null })
        {
            throw new ArgumentException($"{nameof(options.MaxNewTokens)} is {options.MaxNewTokens} and {nameof(options.MaxLength)} is {options.MaxLength}; give one of them.");
        }
        _options = options.Over(checkpoint);
        GenerationChecks.Check(_options, config.VocabularySize);
        Seed = options.Seed ?? Random.Shared.Next();
        Config = config;
    }

    /// <summary>What <see cref="GenerationOptions.MaxNewTokens"/> is where nothing is said.</summary>
    public const int DefaultNewTokens = 20;

    /// <summary>What <see cref="GenerationOptions.TopK"/> is where nothing is said.</summary>
    public const int DefaultTopK = 50;

    public ModelConfig Config { get; }

    /// <summary>The options as they are, for values that have no default.</summary>
    public GenerationOptions Options => _options;

    public int Seed { get; }

    public int Beams => _options.Beams ?? 1;

    public EarlyStopping EarlyStopping => _options.EarlyStopping ?? EarlyStopping.Heuristic;

    public double LengthPenalty => _options.LengthPenalty ?? 1;

    public bool Sample => _options.Sample ?? false;

    public int ReturnedSequences => _options.ReturnedSequences ?? 1;

    public IReadOnlyList<int> EosIds => _options.EosIds ?? [];

    public IReadOnlyList<string> StopStrings => _options.StopStrings ?? [];

    /// <summary>The id that a decoder behind an encoder begins with.</summary>
    /// <exception cref="ArgumentException">Neither the options nor the checkpoint say it.</exception>
    public int DecoderStartId => _options.DecoderStartId ?? Config.DecoderStartId ?? _options.BosId
        ?? throw new ArgumentException($"{nameof(_options.DecoderStartId)} is given neither in the options nor in the checkpoint, and there is no {nameof(_options.BosId)}.");

    /// <summary>The most and the fewest tokens of a row, prompt included.</summary>
    /// <param name="prompt">Tokens of the prompt, padding included.</param>
    /// <exception cref="ArgumentException">The prompt leaves no room.</exception>
    public (long Longest, long Shortest) Lengths(long prompt)
    {
        long longest = _options.MaxNewTokens is { } most ? prompt + most : _options.MaxLength ?? prompt + DefaultNewTokens;
        if (Config.MaxTokens < longest)
        {
            longest = Config.MaxTokens.Value;
        }
        if (prompt >= longest)
        {
            throw new ArgumentException(
                $"The prompt has {prompt} tokens, padding included, and the longest sequence is {longest} ({(longest == Config.MaxTokens ? "the network takes no more" : nameof(_options.MaxLength))}): there is no room for a new one.");
        }
        return (longest, _options.MinNewTokens is { } fewest ? prompt + fewest : _options.MinLength ?? 0);
    }
}
