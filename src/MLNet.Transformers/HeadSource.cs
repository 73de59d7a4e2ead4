namespace MLNet.Transformers;

/// <summary>What becomes of a task head that a checkpoint already has when it is trained on.</summary>
public enum HeadSource
{
    /// <summary>Kept where its labels are the key's values, in whatever order; replaced by a fresh one otherwise. The log says which.</summary>
    Auto,

    /// <summary>Kept; an error where the checkpoint has none or its labels are not the key's values.</summary>
    Keep,

    /// <summary>Replaced by a fresh one.</summary>
    New,
}
