namespace MLNet.Transformers.Tokenization.PostProcessors;

/// <summary>One place of a template: a text, or special tokens.</summary>
/// <param name="Sequence">0 for the first text, 1 for the second, null for special tokens.</param>
/// <param name="Ids">The special tokens.</param>
/// <param name="TypeId">What its tokens get as type id.</param>
internal sealed record TemplateItem(int? Sequence, int[] Ids, int TypeId)
{
    /// <summary>Whether it is left out behind a text that ends in it already.</summary>
    public bool Once { get; init; }

    public static TemplateItem Text(int sequence, int typeId) => new(sequence, [], typeId);

    public static TemplateItem Special(int id, int typeId) => new(null, [id], typeId);

    /// <summary>A special token that is left out behind a text that ends in it already.</summary>
    public static TemplateItem SpecialOnce(int id, int typeId) => new(null, [id], typeId) { Once = true };
}

/// <summary>Which special tokens stand where (tokenizers: processors/template.rs; BertProcessing and RobertaProcessing are templates too).</summary>
/// <param name="Single">For one text.</param>
/// <param name="Pair">For two.</param>
internal sealed record Template(IReadOnlyList<TemplateItem> Single, IReadOnlyList<TemplateItem> Pair)
{
    private readonly TemplateItem[] _textOfSingle = [.. Single.Where(item => item.Sequence is not null)];
    private readonly TemplateItem[] _textOfPair = [.. Pair.Where(item => item.Sequence is not null)];

    /// <summary>What is taken out of the places of tokens, in this order.</summary>
    public IReadOnlyList<OffsetTrim> Trims { get; init; } = [];

    /// <summary>No special tokens; the second text behind the first.</summary>
    public static Template Plain { get; } = new([TemplateItem.Text(0, 0)], [TemplateItem.Text(0, 0), TemplateItem.Text(1, 1)]);

    /// <summary>[CLS] A [SEP], [CLS] A [SEP] B [SEP] with type 1 from B on.</summary>
    public static Template Bert(int classId, int separatorId) => new(
        [TemplateItem.Special(classId, 0), TemplateItem.Text(0, 0), TemplateItem.Special(separatorId, 0)],
        [
            TemplateItem.Special(classId, 0), TemplateItem.Text(0, 0), TemplateItem.Special(separatorId, 0),
            TemplateItem.Text(1, 1), TemplateItem.Special(separatorId, 1),
        ]);

    /// <summary>&lt;s&gt; A &lt;/s&gt;, &lt;s&gt; A &lt;/s&gt; &lt;/s&gt; B &lt;/s&gt; with type 0 throughout.</summary>
    public static Template Roberta(int beginId, int endId) => new(
        [TemplateItem.Special(beginId, 0), TemplateItem.Text(0, 0), TemplateItem.Special(endId, 0)],
        [
            TemplateItem.Special(beginId, 0), TemplateItem.Text(0, 0), TemplateItem.Special(endId, 0), TemplateItem.Special(endId, 0),
            TemplateItem.Text(1, 0), TemplateItem.Special(endId, 0),
        ]);

    /// <summary>Each text with a token before it and one behind it, where there are such; the second text's are of type 1.</summary>
    public static Template Enclosed(int? beginId, int? endId)
    {
        TemplateItem[] first = Enclose(0);
        return new Template(first, [.. first, .. Enclose(1)]);

        TemplateItem[] Enclose(int text) =>
        [
            .. beginId is { } begin ? [TemplateItem.Special(begin, text)] : (TemplateItem[])[], TemplateItem.Text(text, text),
            .. endId is { } end ? [TemplateItem.Special(end, text)] : (TemplateItem[])[],
        ];
    }

    /// <summary>What stands where. Without special tokens the texts keep their order and their type ids.</summary>
    public IReadOnlyList<TemplateItem> For(bool pair, bool addSpecialTokens) => (pair, addSpecialTokens) switch
    {
        (false, true) => Single,
        (true, true) => Pair,
        (false, false) => _textOfSingle,
        (true, false) => _textOfPair,
    };
}
