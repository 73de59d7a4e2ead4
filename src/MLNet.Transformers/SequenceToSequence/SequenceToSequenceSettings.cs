using System.Text;
using System.Text.Json.Serialization;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Prediction;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>What a fitted transformer keeps of the options.</summary>
/// <param name="SourceColumnName">Column of the source.</param>
/// <param name="PredictedTextColumnName">Column of what is written.</param>
/// <param name="Form">What the network reads of a source.</param>
/// <param name="GenerationConfig">The content of generation_config.json: what the checkpoint says, and what the options say instead.</param>
/// <param name="Seed">Seed of sampling.</param>
/// <param name="MaxTokens">Most tokens of a source.</param>
/// <param name="BatchSize">Rows of a batch.</param>
/// <param name="Precision">Number format.</param>
internal sealed record SequenceToSequenceSettings(
    string SourceColumnName, string PredictedTextColumnName, SourceForm Form, string GenerationConfig, int Seed, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    [JsonIgnore]
    public override string Owner => nameof(SequenceToSequenceTransformer);

    [JsonIgnore]
    public byte[] GenerationConfigFile => Encoding.UTF8.GetBytes(GenerationConfig);

    /// <summary>The column of a prediction.</summary>
    [JsonIgnore]
    public IReadOnlyList<OutputColumn<string>> Outputs => [PlainColumns.Text<string>(PredictedTextColumnName, static text => text)];

    /// <param name="checkpoint">Says what the options leave open.</param>
    /// <param name="head">The head that the network writes with.</param>
    /// <param name="options">Checked options of prediction.</param>
    /// <param name="writing">Checked options of writing.</param>
    /// <param name="endId">The token that ends a text.</param>
    /// <param name="limits">Most tokens.</param>
    /// <param name="seed">Seed of sampling, where the options give none.</param>
    /// <exception cref="ArgumentException">A value of the generation options is out of range, or two do not go together.</exception>
    public static SequenceToSequenceSettings Of(
        Checkpoint checkpoint, HeadSpec head, TextOptions options, WritingOptions writing, int endId, LengthLimits limits, int? seed)
    {
        GenerationOptions fromCheckpoint = checkpoint.ReadGenerationOptions(), asked = writing.Generation;
        bool alone = head.Kind == HeadKind.CausalLanguageModel;
        if (alone && (asked.MaxLength ?? asked.MinLength) is not null)
        {
            throw new ArgumentException(
                $"{WritingOptions.Name(asked.MaxLength is null ? nameof(asked.MinLength) : nameof(asked.MaxLength))} counts a decoder's prompt and its padding, so that a text would depend on its batch; give {nameof(asked.MaxNewTokens)} or {nameof(asked.MinNewTokens)}.");
        }
        RefuseRulesOverSources(checkpoint, GenerationSettings.Merge(asked, fromCheckpoint));
        _ = new GenerationSettings(asked with { Seed = null }, fromCheckpoint, checkpoint.Config);
        GenerationOptions merged = GenerationSettings.Merge(asked, fromCheckpoint) with { ReturnedSequences = null };
        merged = merged with
        {
            EosIds = [.. (merged.EosIds ?? []).Append(endId).Distinct()],
            MaxNewTokens = alone || merged.MaxLength is null ? limits.NewTokens : null,
            MaxLength = alone ? null : merged.MaxLength,
            MinLength = alone ? null : merged.MinLength,
        };
        return new SequenceToSequenceSettings(
            writing.SourceColumnName, writing.PredictedTextColumnName, writing.Form,
            Encoding.UTF8.GetString(Models.Generation.GenerationConfigFile.Write(merged, checkpoint.ReadGenerationConfig())),
            asked.Seed ?? seed ?? Random.Shared.Next(), limits.Source, options.BatchSize, options.Precision);
    }

    // These compare what is written with the source, token by token.
    private static void RefuseRulesOverSources(Checkpoint checkpoint, GenerationOptions options)
    {
        string? rule = !checkpoint.Config.HasSourceVocabulary ? null
            : options.EncoderNoRepeatNgramSize > 0 ? nameof(options.EncoderNoRepeatNgramSize)
            : options.EncoderRepetitionPenalty is { } penalty && penalty != 1 ? nameof(options.EncoderRepetitionPenalty) : null;
        if (rule is not null)
        {
            throw new ArgumentException($"{WritingOptions.Name(rule)} compares what is written with the source, but sources of '{checkpoint.Name}' have a vocabulary of their own; leave it out.");
        }
    }
}
