using Microsoft.ML.Data;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;

namespace MLNet.Transformers.TokenClassification;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record TokenClassificationSettings(
    TokenColumns Columns, bool SplitAtBlanks, string PredictedTagsColumnName, string ScoreColumnName, EntityColumnNames EntityColumns,
    EntityAggregation Aggregation, int? Stride, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    /// <summary>Whether the network's last tag is none of the keys, and comes back as a missing one.</summary>
    public bool HasAddedOutside { get; init; }

    public override string Owner => nameof(TokenClassificationTransformer);

    /// <summary>The columns of a prediction.</summary>
    /// <param name="classes">Number of tags; not known before there is a network.</param>
    /// <param name="keys">What the tags are; null: only numbered, or not known yet.</param>
    public IReadOnlyList<OutputColumn<TokenAnswer>> Outputs(int classes = 0, KeyValues? keys = null) =>
    [
        new KeysColumn<TokenAnswer>(PredictedTagsColumnName, classes, keys, static answer => answer.Tags),
        Numbers<float>(ScoreColumnName, NumberDataViewType.Single, static answer => answer.Scores),
        Numbers<int>(EntityColumns.WordStart, NumberDataViewType.Int32, static answer => [.. answer.Words.Select(word => word.Start)]),
        Numbers<int>(EntityColumns.WordLength, NumberDataViewType.Int32, static answer => [.. answer.Words.Select(word => word.End - word.Start)]),
        Texts(EntityColumns.EntityText, static entity => entity.Text),
        Texts(EntityColumns.EntityType, static entity => entity.Type),
        Numbers<int>(EntityColumns.EntityStart, NumberDataViewType.Int32, static answer => [.. answer.Entities.Select(entity => entity.Start)]),
        Numbers<int>(EntityColumns.EntityLength, NumberDataViewType.Int32, static answer => [.. answer.Entities.Select(entity => entity.Length)]),
        Numbers<float>(EntityColumns.EntityScore, NumberDataViewType.Single, static answer => [.. answer.Entities.Select(entity => entity.Score)]),
    ];

    private static ListColumn<TokenAnswer, T> Numbers<T>(string name, NumberDataViewType type, Func<TokenAnswer, T[]> read) => new(name, type, read);

    private static ListColumn<TokenAnswer, ReadOnlyMemory<char>> Texts(string name, Func<Entity, string> read) =>
        new(name, TextDataViewType.Instance, answer => [.. answer.Entities.Select(entity => read(entity).AsMemory())]);
}
