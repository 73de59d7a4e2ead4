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

    /// <summary>Whether config.json is this architecture's; several may share a <c>model_type</c>.</summary>
    public virtual bool Matches(ConfigJson json) => json.StringOrNull("model_type") == ModelType;

    /// <summary>Whether a config was read by this architecture.</summary>
    public abstract bool Owns(ModelConfig config);

    /// <summary>How many labels a classification head has where config.json does not say.</summary>
    protected virtual int DefaultLabels => 2;

    /// <summary>Reads config.json.</summary>
    /// <exception cref="CheckpointException">A value has the wrong type or range, or is not supported.</exception>
    public ModelConfig ReadConfig(ConfigJson json) => Read(json).WithCommonKeys(json, DefaultLabels);

    public abstract Backbone CreateBackbone(ModelConfig config, HeadSpec head, Placement placement);

    /// <summary>The config as a checkpoint's tensors complete it, where they tell more of the network than config.json does.</summary>
    public virtual ModelConfig Complete(ModelConfig config, ITensorSource source) => config;

    /// <summary>How a parameter is drawn where no checkpoint gives it; biases are 0 whatever this says.</summary>
    /// <param name="name">The parameter's name, as in the network's state dict.</param>
    /// <param name="config">The network's config.</param>
    public virtual FreshWeights Fresh(string name, ModelConfig config) => new(config.InitializerRange);

    /// <summary>Names under which a checkpoint may hold a parameter's values where it holds none under the parameter's own; one may stand in for several.</summary>
    /// <param name="name">The parameter's name, as in the network's state dict.</param>
    public virtual IEnumerable<string> StandIns(string name) => [];

    /// <summary>The architecture's own keys of config.json.</summary>
    protected abstract ModelConfig Read(ConfigJson json);

    /// <summary>The row of a kind of head.</summary>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public HeadSpec Head(HeadKind kind) => Heads.FirstOrDefault(head => head.Kind == kind)
        ?? throw new NotSupportedException(
            $"The architecture '{ModelType}' has no head for {kind}; it has {string.Join(", ", Heads.Select(head => head.Kind))}.");
}

/// <summary>An architecture whose config is of one type.</summary>
internal abstract class Architecture<TConfig> : Architecture
    where TConfig : ModelConfig
{
    public sealed override Backbone CreateBackbone(ModelConfig config, HeadSpec head, Placement placement) => CreateBackbone((TConfig)config, head, placement);

    public override bool Owns(ModelConfig config) => config is TConfig && config.ModelType == ModelType;

    public sealed override FreshWeights Fresh(string name, ModelConfig config) => Fresh(name, (TConfig)config);

    protected virtual FreshWeights Fresh(string name, TConfig config) => new(config.InitializerRange);

    protected abstract Backbone CreateBackbone(TConfig config, HeadSpec head, Placement placement);
}
