namespace MLNet.Transformers;

/// <summary>How tags in front of a type ("B-PER") mark where entities begin and end. The six schemes of seqeval 1.2.2.</summary>
public enum TagScheme
{
    /// <summary>I inside; B only for an entity right after another one of the same type (the first CoNLL tasks).</summary>
    Iob1,

    /// <summary>B begins every entity, I continues it; often called BIO.</summary>
    Iob2,

    /// <summary>I inside; E only for the last word of an entity right before another one of the same type.</summary>
    Ioe1,

    /// <summary>E ends every entity, I comes before it.</summary>
    Ioe2,

    /// <summary>B begins, I continues, E ends an entity of several words; S is one of a single word; often called BIOES.</summary>
    Iobes,

    /// <summary>B begins, I continues, L ends an entity of several words; U is one of a single word.</summary>
    Bilou,
}
