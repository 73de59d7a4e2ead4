using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models;

/// <summary>One row of the table architecture × head: everything that is particular about a class of the reference, as data.</summary>
internal sealed record HeadSpec
{
    public required HeadKind Kind { get; init; }

    /// <summary>The reference's class name, as <c>architectures</c> of config.json writes it.</summary>
    public required string ClassName { get; init; }

    /// <summary>What the backbone's tensors are prefixed with in a checkpoint of this class, without the dot; empty where they stand alone.</summary>
    public required string Prefix { get; init; }

    /// <summary>Whether the backbone has the part that makes one vector of a sequence.</summary>
    public required bool Pooled { get; init; }

    public required Func<ModelConfig, Placement, Head> Create { get; init; }

    /// <summary>Parameters whose rows are the labels, in their order; empty where the head has no labels.</summary>
    public IReadOnlyList<string> LabelRows { get; init; } = [];

    /// <summary>Beginnings of the names of parameters that are initialised freshly where the checkpoint lacks them, as when a pretrained encoder gets a new head.</summary>
    public IReadOnlyList<string> MayAdd { get; init; } = [];

    /// <summary>Beginnings of the names of tensors in a checkpoint that this class has no use for: other heads, parts that its backbone lacks.</summary>
    public IReadOnlyList<string> LeavesAside { get; init; } = [];

    /// <summary>
    /// Beginnings of the names of parameters that the reference's class holds and does not compute with: they get no gradient, and a checkpoint may lack them.
    /// </summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>How far a label stands behind the scores that it is compared with: 1 where a head predicts the token that follows, else 0.</summary>
    public int LabelShift { get; init; }

    /// <summary>Whether labels that are the padding id do not count in the loss, besides those of <see cref="Losses.Ignored"/>.</summary>
    public bool IgnoresPadding { get; init; }

    /// <summary>Whether a decoder that reads labels moved to the right is to see no padding in them; where not, padding sees itself.</summary>
    public bool HidesTargetPadding { get; init; }

    /// <summary>Second names under which a checkpoint may hold a parameter once more: alias to the parameter's own name.</summary>
    public Func<ModelConfig, IReadOnlyDictionary<string, string>> Aliases { get; init; } = static _ => new Dictionary<string, string>();
}
