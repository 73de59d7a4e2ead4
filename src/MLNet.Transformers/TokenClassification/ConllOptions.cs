namespace MLNet.Transformers;

/// <summary>Where words and tags stand in a CoNLL file.</summary>
public sealed record ConllOptions
{
    /// <summary>Number of the column of words, from 0.</summary>
    /// <value>0.</value>
    public int WordColumn { get; init; }

    /// <summary>Number of the column of tags, from 0; null: the last of each line.</summary>
    /// <value>null.</value>
    public int? TagColumn { get; init; }

    /// <summary>What stands between columns. Null: tabs where a line has one, else blanks.</summary>
    /// <value>null.</value>
    public char? Separator { get; init; }

    /// <summary>
    /// What lines begin with that are no words, as "# sent_id = …" does. Null: "# " in files whose columns are separated by tabs, where no word can begin so,
    /// and nothing else.
    /// </summary>
    /// <value>null.</value>
    public string? CommentPrefix { get; init; }
}
