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

    /// <summary>Beginning of the names, behind the backbone's prefix, of the part that makes one vector of a sequence; null where it has no parameters.</summary>
    protected virtual string? Pooler => null;

    /// <summary>Whether config.json is this architecture's; several may share a <c>model_type</c>.</summary>
    public virtual bool Matches(ConfigJson json) => json.StringOrNull("model_type") == ModelType;

    /// <summary>Whether a config was read by this architecture.</summary>
    public abstract bool Owns(ModelConfig config);

    /// <summary>How many labels a classification head has where config.json does not say.</summary>
    protected virtual int DefaultLabels => 2;

    /// <summary>Reads config.json.</summary>
    /// <exception cref="CheckpointException">A value has the wrong type or range, or is not supported.</exception>
    public ModelConfig ReadConfig(ConfigJson json) => Defaults.Read(json, DefaultLabels);

    public abstract Backbone CreateBackbone(ModelConfig config, HeadSpec head, Placement placement);

    /// <summary>The config as a checkpoint's tensors complete it.</summary>
    public virtual ModelConfig Complete(ModelConfig config, ITensorSource source) => config;

    /// <summary>How a parameter is drawn where no checkpoint gives it; biases are 0 whatever this says.</summary>
    /// <param name="name">The parameter's name, as in the network's state dict.</param>
    /// <param name="config">The network's config.</param>
    public virtual FreshWeights Fresh(string name, ModelConfig config) => new(config.InitializerRange);

    /// <summary>Names under which a checkpoint may hold a parameter's values where it holds none under the parameter's own; several parameters may have one in common.</summary>
    /// <param name="name">The parameter's name, as in the network's state dict.</param>
    public virtual IEnumerable<string> FallbackNames(string name) => [];

    /// <summary>What absent keys of config.json mean.</summary>
    protected abstract ModelConfig Defaults { get; }

    /// <summary>The row of a kind of head.</summary>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public HeadSpec Head(HeadKind kind) => Heads.FirstOrDefault(head => head.Kind == kind)
        ?? throw new NotSupportedException(
            $"The architecture '{ModelType}' {(kind == HeadKind.None ? "is not used without a head" : $"has no head for {kind}")}; it has {string.Join(", ", Heads.Select(head => head.Kind))}.");

    /// <summary>Beginnings of the names of parameters that are initialised freshly where a checkpoint lacks them, as when a pretrained backbone gets a new head.</summary>
    public IReadOnlyList<string> MayAdd(HeadSpec head) =>
        head.Parts.Count > 0 && head.Pooled && Pooler is { } pooler ? [.. head.Parts, Under(head.Prefix, pooler)] : head.Parts;

    /// <summary>Beginnings of the names of a checkpoint's tensors that a head has no use for: other heads, and parts that its backbone lacks.</summary>
    public IReadOnlyList<string> Ignored(HeadSpec head)
    {
        IEnumerable<string> others = Heads.SelectMany(other => other.Parts.Select(part => Moved(part, other.Prefix, head.Prefix)));
        IEnumerable<string> pooler = head.Pooled || Pooler is null ? [] : [Under(head.Prefix, Pooler)];
        return [.. others.Except(head.Parts), .. pooler, .. head.Absent];
    }

    private static string Under(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";

    // Where a head's tensors lie under the backbone's prefix they are under that of the class which reads them.
    private static string Moved(string part, string from, string to) =>
        from.Length > 0 && part.StartsWith($"{from}.", StringComparison.Ordinal) ? Under(to, part[(from.Length + 1)..]) : part;
}

/// <summary>An architecture whose config is of one type.</summary>
internal abstract class Architecture<TConfig> : Architecture
    where TConfig : ModelConfig
{
    public abstract override IReadOnlyList<HeadSpec<TConfig>> Heads { get; }

    public sealed override Backbone CreateBackbone(ModelConfig config, HeadSpec head, Placement placement) => CreateBackbone((TConfig)config, head, placement);

    public override bool Owns(ModelConfig config) => config is TConfig && config.ModelType == ModelType;

    public sealed override FreshWeights Fresh(string name, ModelConfig config) => Fresh(name, (TConfig)config);

    protected virtual FreshWeights Fresh(string name, TConfig config) => new(config.InitializerRange);

    protected abstract Backbone CreateBackbone(TConfig config, HeadSpec head, Placement placement);
}
