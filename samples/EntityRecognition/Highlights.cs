using System.Net;
using System.Text;
using MLNet.Transformers;
using Spectre.Console;

namespace EntityRecognition;

/// <summary>Shows texts with their entities in colours, on the console and as a page.</summary>
internal static class Highlights
{
    // On the console and on the page; types beyond these begin again.
    private static readonly (string Console, string Page)[] _colours =
        [("black on springgreen3", "#b7ebc6"), ("black on gold1", "#ffe8a3"), ("black on deepskyblue1", "#b9defc"), ("black on orchid", "#edc9f5"), ("black on lightsalmon1", "#ffd1bd")];

    private static readonly List<string> _types = [];

    public static void Write(string text, IReadOnlyList<Entity> entities)
    {
        var line = new StringBuilder();
        foreach ((string part, Entity? entity) in Parts(text, entities))
        {
            line.Append(entity is null ? Markup.Escape(part) : $"[{Colours(entity).Console}]{Markup.Escape(part)}[/] [grey]{Markup.Escape(entity.Type)} {entity.Score:P0}[/]");
        }
        AnsiConsole.MarkupLine(line.ToString());
    }

    public static void Save(string path, string title, IEnumerable<(string Text, IReadOnlyList<Entity> Entities)> rows)
    {
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <title>{{WebUtility.HtmlEncode(title)}}</title>
              <style>
                body { font: 18px/2 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #222; }
                mark { padding: .15em .35em; border-radius: .35em; color: inherit; }
                mark small { margin-left: .4em; font-size: .6em; font-weight: 600; color: #555; }
              </style>
            </head>
            <body>
            <h1>{{WebUtility.HtmlEncode(title)}}</h1>

            """);
        foreach ((string text, IReadOnlyList<Entity> entities) in rows)
        {
            page.Append("<p>");
            foreach ((string part, Entity? entity) in Parts(text, entities))
            {
                string content = WebUtility.HtmlEncode(part);
                page.Append(entity is null
                    ? content
                    : $"<mark style=\"background: {Colours(entity).Page}\" title=\"{entity.Score:P0}\">{content}<small>{WebUtility.HtmlEncode(entity.Type)}</small></mark>");
            }
            page.AppendLine("</p>");
        }
        File.WriteAllText(path, page.AppendLine("</body>").AppendLine("</html>").ToString());
    }

    // The text from its beginning to its end, entities and what is between them.
    private static IEnumerable<(string Part, Entity? Entity)> Parts(string text, IReadOnlyList<Entity> entities)
    {
        int place = 0;
        foreach (Entity entity in entities)
        {
            yield return (text[place..entity.Start], null);
            place = entity.Start + entity.Length;
            yield return (text[entity.Start..place], entity);
        }
        yield return (text[place..], null);
    }

    private static (string Console, string Page) Colours(Entity entity)
    {
        if (!_types.Contains(entity.Type))
        {
            _types.Add(entity.Type);
        }
        return _colours[_types.IndexOf(entity.Type) % _colours.Length];
    }
}
