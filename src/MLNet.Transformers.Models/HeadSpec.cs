using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models;

/// <summary>One row of the table architecture × head: everything that is particular about a class of the reference, as data.</summary>
internal abstract record HeadSpec
{
    public required HeadKind Kind { get; init; }

    /// <summary>The reference's class name, as <c>architectures</c> of config.json writes it.</summary>
    public required string ClassName { get; init; }

    /// <summary>What the backbone's tensors are prefixed with in a checkpoint of this class, without the dot; empty where they stand alone.</summary>
    public required string Prefix { get; init; }

    /// <summary>Whether the backbone has the part that makes one vector of a sequence.</summary>
    public required bool Pooled { get; init; }

    /// <summary>Whether the head of an encoder reads the first token's vector alone, so that predictions need no other ones of the last layer.</summary>
    public bool ReadsFirst { get; init; }

    /// <summary>Beginnings of the names of the head's own tensors. What other heads of the architecture own, this one has no use for.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>The name of the layer whose rows are the labels, in their order; null where the head has no labels.</summary>
    public string? LabelLayer { get; init; }

    /// <summary>Beginnings of the names of tensors that belong to a part of the backbone which this class lacks.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>
    /// Beginnings of the names of parameters that the reference's class holds and does not compute with: they get no gradient, and a checkpoint may lack them.
    /// </summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>How far a label stands behind the scores that it is compared with: 1 where a head predicts the token that follows, else 0.</summary>
    public int LabelShift { get; init; }

    /// <summary>Whether labels that are the padding id do not count in the loss, besides those of <see cref="LossTerm.Ignored"/>.</summary>
    public bool IgnoresPadding { get; init; }

    /// <summary>Whether a decoder that reads labels moved to the right is to see no padding in them; where not, padding sees itself.</summary>
    public bool HidesTargetPadding { get; init; }

    /// <summary>The tokens of a network that writes into a blank of its text (<see cref="Glm.Glm2022.BlankInfilling"/>); null: it writes behind its text, or reads a source.</summary>
    public BlankNames? Blank { get; init; }

    public abstract Head CreateHead(ModelConfig config, Placement placement);

    /// <summary>Second names under which a checkpoint may hold a parameter once more, as tied weights are: second name to the parameter's own.</summary>
    public abstract IReadOnlyDictionary<string, string> AliasesOf(ModelConfig config);
}

/// <summary>A row of an architecture whose config is of one type.</summary>
internal sealed record HeadSpec<TConfig> : HeadSpec
    where TConfig : ModelConfig
{
    public required Func<TConfig, Placement, Head> Create { get; init; }

    public Func<TConfig, IReadOnlyDictionary<string, string>> Aliases { get; init; } = static _ => new Dictionary<string, string>();

    public override Head CreateHead(ModelConfig config, Placement placement) => Create((TConfig)config, placement);

    public override IReadOnlyDictionary<string, string> AliasesOf(ModelConfig config) => Aliases((TConfig)config);
}
