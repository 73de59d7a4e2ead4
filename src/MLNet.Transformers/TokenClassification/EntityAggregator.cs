using System.Numerics.Tensors;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.TokenClassification;

/// <summary>A token of a text.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Probabilities">Of each tag.</param>
/// <param name="ContinuesWord">Whether it belongs to the word of the token before.</param>
internal readonly record struct ScoredToken(TextSpan Place, float[] Probabilities, bool ContinuesWord);

/// <summary>An entity, or a token or word that becomes part of one.</summary>
internal readonly record struct FoundEntity(string Type, TextSpan Place, float Score);

/// <summary>Makes entities of tokens (pipelines/token_classification.py: aggregate, aggregate_word, group_entities).</summary>
/// <param name="labels">The tags.</param>
/// <param name="aggregation">How.</param>
internal sealed class EntityAggregator(IReadOnlyList<string> labels, EntityAggregation aggregation)
{
    public IEnumerable<FoundEntity> Entities(IReadOnlyList<ScoredToken> tokens)
    {
        IEnumerable<FoundEntity> tagged = aggregation is EntityAggregation.None or EntityAggregation.Simple
            ? tokens.Select(token => Best(token.Place, token.Probabilities))
            : Words(tokens).Select(OfWord);
        IEnumerable<FoundEntity> entities = aggregation == EntityAggregation.None ? tagged : Groups(tagged).Select(OfGroup);
        return entities.Where(entity => entity.Type is not ("" or TagName.Outside));
    }

    private static IEnumerable<List<ScoredToken>> Words(IReadOnlyList<ScoredToken> tokens)
    {
        var word = new List<ScoredToken>();
        foreach (ScoredToken token in tokens)
        {
            if (!token.ContinuesWord && word.Count > 0)
            {
                yield return word;
                word = [];
            }
            word.Add(token);
        }
        if (word.Count > 0)
        {
            yield return word;
        }
    }

    private FoundEntity OfWord(List<ScoredToken> tokens)
    {
        float[] probabilities = aggregation switch
        {
            EntityAggregation.First => tokens[0].Probabilities,
            EntityAggregation.Max => tokens.MaxBy(token => TensorPrimitives.Max<float>(token.Probabilities)).Probabilities,
            _ => [.. Enumerable.Range(0, labels.Count).Select(label => tokens.Average(token => token.Probabilities[label]))],
        };
        return Best(new TextSpan(tokens[0].Place.Start, tokens[^1].Place.End), probabilities);
    }

    private FoundEntity Best(TextSpan place, float[] probabilities)
    {
        int best = TensorPrimitives.IndexOfMax<float>(probabilities);
        return new FoundEntity(labels[best], place, probabilities[best]);
    }

    private static IEnumerable<List<FoundEntity>> Groups(IEnumerable<FoundEntity> tagged)
    {
        List<FoundEntity> group = [];
        foreach (FoundEntity next in tagged)
        {
            if (group.Count > 0 && !TagName.Continues(TagName.Parse(group[^1].Type), TagName.Parse(next.Type)))
            {
                yield return group;
                group = [];
            }
            group.Add(next);
        }
        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private static FoundEntity OfGroup(List<FoundEntity> group) => new(
        TagName.Parse(group[0].Type).Type, new TextSpan(group[0].Place.Start, group[^1].Place.End), group.Average(part => part.Score));
}
