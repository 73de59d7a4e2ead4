using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models;

/// <summary>One architecture as the registry knows it: how its config reads, how its backbone is built, which heads it has.</summary>
internal abstract class Architecture
{
    /// <summary>The value of <c>model_type</c> in config.json.</summary>
    public abstract string ModelType { get; }

    /// <summary>What the backbone's tensors are prefixed with in checkpoints that have a head, without the dot.</summary>
    public abstract string BasePrefix { get; }

    /// <summary>The heads, as a table.</summary>
    public abstract IReadOnlyList<HeadSpec> Heads { get; }

    /// <summary>How names of older checkpoints become today's.</summary>
    public abstract CheckpointNames Names { get; }

    public abstract ModelConfig ReadConfig(ConfigJson json);

    public abstract Backbone CreateBackbone(ModelConfig config, HeadSpec head, Placement placement);

    /// <summary>The row of a kind of head.</summary>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public HeadSpec Head(HeadKind kind) => Heads.FirstOrDefault(head => head.Kind == kind)
        ?? throw new NotSupportedException(
            $"The architecture '{ModelType}' has no head for {kind}; it has {string.Join(", ", Heads.Select(head => head.Kind))}.");
}
