namespace MLNet.Transformers;

/// <summary>What decides which epoch was best.</summary>
public enum SequenceToSequenceMetric
{
    /// <summary>The loss on the targets; nothing is written, which is much faster than the others.</summary>
    Loss,

    /// <summary>BLEU of what the network writes, 0 to 100: <see cref="MLNet.Transformers.Bleu"/>.</summary>
    Bleu,

    /// <summary>chrF of what the network writes, 0 to 100: <see cref="MLNet.Transformers.Chrf"/>.</summary>
    Chrf,

    /// <summary>F1 of ROUGE-1 of what the network writes, 0 to 1: <see cref="Rouge"/>.</summary>
    Rouge1,

    /// <summary>F1 of ROUGE-2.</summary>
    Rouge2,

    /// <summary>F1 of ROUGE-L.</summary>
    RougeL,

    /// <summary>F1 of ROUGE-Lsum, which goes by lines.</summary>
    RougeLsum,
}
