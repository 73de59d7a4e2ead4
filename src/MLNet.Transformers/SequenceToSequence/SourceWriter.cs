using System.Runtime.InteropServices;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.SequenceToSequence.Layouts;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using GenerationFile = MLNet.Transformers.Models.Generation.GenerationConfigFile;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>From sources to what a network writes for them. Several threads may use one.</summary>
internal sealed class SourceWriter
{
    private readonly TextEncoder _tokenizer;
    private readonly ModelConfig _config;
    private readonly GenerationOptions _options;
    private readonly int _seed;

    /// <param name="tokenizer">The tokenizer of what is written.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="settings">How sources are read, and how is written.</param>
    /// <param name="sourceTokenizer">The tokenizer of sources, where they have a vocabulary of their own.</param>
    public SourceWriter(TextEncoder tokenizer, ModelConfig config, SequenceToSequenceSettings settings, TextEncoder? sourceTokenizer = null)
    {
        (_tokenizer, _config, _seed) = (tokenizer, config, settings.Seed);
        Identity = settings.GenerationConfig;
        _options = GenerationFile.Read(settings.GenerationConfigFile, GenerationFile.FileName);
        HeadSpec head = WritingHead.Of(config, settings.Owner);
        Layout = ITargetLayout.Of(head, tokenizer);
        int begin = config.HasSourceVocabulary ? config.SourceConfig.PaddingId : _options.BosId ?? tokenizer.BeginTokenId ?? _options.EosIds![0];
        Sources = new SourceEncoder(sourceTokenizer ?? tokenizer, config.SourceConfig, settings.Form, head.Blank, begin, settings.MaxTokens);
    }

    public ITargetLayout Layout { get; }

    /// <summary>All that changes what is written, but for the seed.</summary>
    public string Identity { get; }

    public SourceEncoder Sources { get; }

    /// <summary>What is written for sources, in their order; computed in batches of similar length.</summary>
    /// <param name="network">The network, in eval mode.</param>
    /// <param name="sources">As <see cref="Sources"/> encodes them.</param>
    /// <param name="limits">How much a batch may hold.</param>
    /// <param name="checkAlive">Called between tokens; throws where nobody wants the texts any more.</param>
    public GeneratedText[] Write(TaskModel network, IReadOnlyList<TokenSequence> sources, BatchLimits limits, Action checkAlive)
    {
        var texts = new GeneratedText[sources.Count];
        var inputs = new NetworkInputs(network);
        RowScorer.Run(sources, limits, checkAlive, numbers =>
        {
            int[][] batch = Array.ConvertAll(numbers, number => sources[number].Ids);
            var written = Writing.Texts(network, _tokenizer, () => Layout.Prompt(batch, inputs), Settings(batch, null), checkAlive);
            for (int i = 0; i < numbers.Length; i++)
            {
                texts[numbers[i]] = written[i][0];
            }
        });
        return texts;
    }

    /// <summary>What is written for one source.</summary>
    /// <exception cref="ArgumentException">Options are out of range or do not go together.</exception>
    public string Write(TaskModel network, string source, GenerationOptions? options, Action checkAlive)
    {
        int[] ids = Sources.Encode(new TextRow(source, null));
        GenerationSettings settings = Settings([ids], options);
        settings.RequireOneText();
        return Writing.Texts(network, _tokenizer, () => Layout.Prompt([ids], new NetworkInputs(network)), settings, checkAlive)[0][0].Text;
    }

    /// <summary>How one source is answered piece by piece.</summary>
    /// <exception cref="ArgumentException">Options are out of range or do not go together, or there are several beams or returned sequences.</exception>
    public (int[] Ids, GenerationSettings Settings) Stream(string source, GenerationOptions? options)
    {
        int[] ids = Sources.Encode(new TextRow(source, null));
        GenerationSettings settings = Settings([ids], options);
        settings.RequireOneBeam();
        settings.RequireOneText();
        return (ids, settings);
    }

    // What is drawn for a source depends on the seed and the source alone, whatever else is in its batch.
    private GenerationSettings Settings(IReadOnlyList<int[]> sources, GenerationOptions? options)
    {
        options ??= new GenerationOptions();
        int seed = options.Seed ?? _seed;
        return new GenerationSettings(options with { PromptSeeds = [.. sources.Select(ids => (int)Seeds.Mix(seed, Key(ids)))] }, _options, _config);
    }

    private static string Key(int[] ids) => new(MemoryMarshal.Cast<int, char>(ids));
}
