using MLNet.Transformers.Tokenization.PostProcessors;

namespace MLNet.Transformers.Tokenization;

/// <summary>A stretch of a text's tokens.</summary>
internal readonly record struct PieceRange(PieceList Pieces, int Start, int Length);

/// <summary>Puts the tokens of one or two texts and the template's special tokens together.</summary>
internal static class EncodingAssembler
{
    public static TokenEncoding Assemble(
        IReadOnlyList<TemplateItem> template, IReadOnlyList<OffsetTrim> trims, PieceRange first, PieceRange second, Func<int, string> tokenOf)
    {
        template = WithoutRepetitions(template, first, second);
        int length = template.Sum(item => item.Sequence switch { null => item.Ids.Length, 0 => first.Length, _ => second.Length });
        var encoding = new TokenEncoding(length, tokenOf);
        int at = 0;
        foreach (TemplateItem item in template)
        {
            if (item.Sequence is { } sequence)
            {
                PieceRange range = sequence == 0 ? first : second;
                AddText(encoding, at, range, sequence, item.TypeId);
                Trim(encoding, at, range, trims, tokenOf);
                at += range.Length;
            }
            else
            {
                foreach (int id in item.Ids)
                {
                    (encoding.Ids[at], encoding.TypeIds[at], encoding.SpecialTokensMask[at]) = (id, item.TypeId, 1);
                    at++;
                }
            }
        }
        return encoding;
    }

    private static IReadOnlyList<TemplateItem> WithoutRepetitions(IReadOnlyList<TemplateItem> template, PieceRange first, PieceRange second)
    {
        return template.Any(item => item.Once) ? [.. template.Where((item, i) => !(item.Once && i > 0 && EndsIn(template[i - 1], item.Ids[0])))] : template;

        bool EndsIn(TemplateItem text, int id)
        {
            PieceRange range = text.Sequence == 1 ? second : first;
            return text.Sequence is not null && range.Length > 0 && range.Pieces.Id(range.Start + range.Length - 1) == id;
        }
    }

    private static void AddText(TokenEncoding encoding, int at, PieceRange range, int sequence, int typeId)
    {
        for (int i = range.Start; i < range.Start + range.Length; i++, at++)
        {
            encoding.Ids[at] = range.Pieces.Id(i);
            encoding.TypeIds[at] = typeId;
            encoding.Offsets[at] = range.Pieces.Offset(i);
            encoding.WordIds[at] = range.Pieces.Word(i);
            encoding.SequenceIds[at] = sequence;
        }
    }

    private static void Trim(TokenEncoding encoding, int at, PieceRange range, IReadOnlyList<OffsetTrim> trims, Func<int, string> tokenOf)
    {
        for (int i = 0; i < range.Length && trims.Count > 0; i++)
        {
            TextSpan place = encoding.Offsets[at + i];
            string token = range.Pieces.Found(range.Start + i) ?? tokenOf(encoding.Ids[at + i]);
            foreach (OffsetTrim trim in trims)
            {
                place = trim.Apply(place, i == 0, token, range.Pieces.Text);
            }
            encoding.Offsets[at + i] = place;
        }
    }
}
