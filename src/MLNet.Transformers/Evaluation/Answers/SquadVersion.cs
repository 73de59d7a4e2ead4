namespace MLNet.Transformers;

/// <summary>Whose rules answers are scored by: they differ on questions that have no answer and on answers of which normalisation leaves nothing.</summary>
public enum SquadVersion
{
    /// <summary>SQuAD 2.0 (evaluate-v2.0.py): a question may have no answer, and then only the empty one is right.</summary>
    V2,

    /// <summary>SQuAD 1.1 (evaluate-v1.1.py): every question has an answer.</summary>
    V1,
}
